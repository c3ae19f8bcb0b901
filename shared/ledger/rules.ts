import type { ProviderName } from '../payments/model.ts';
import type { OrderId } from '../platform/ids.ts';
import type { Money } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';
import type { Account, EntryKind, JournalEntry } from './model.ts';

/** The accounts between which each kind of entry moves money. */
const movements = {
  captured: { debit: 'clearing', credit: 'passengers' },
  issued: { debit: 'passengers', credit: 'fares' },
  'refund-requested': { debit: 'passengers', credit: 'refunds-payable' },
  'refund-granted': { debit: 'fares', credit: 'refunds-payable' },
  'fee-kept': { debit: 'fares', credit: 'fees' },
  refunded: { debit: 'refunds-payable', credit: 'clearing' },
  'refund-returned': { debit: 'clearing', credit: 'refunds-payable' },
  'refund-settled': { debit: 'refunds-payable', credit: 'by-hand' },
  'surplus-returned': { debit: 'clearing', credit: 'overpaid' },
  'paid-twice-by-provider': { debit: 'overpaid', credit: 'clearing' },
  'paid-twice-by-hand': { debit: 'overpaid', credit: 'by-hand' },
  'provider-costs': { debit: 'costs', credit: 'clearing' },
} as const satisfies Record<EntryKind, { debit: Account; credit: Account }>;

/** The accounts that have a line for each provider. */
const providerAccounts = ['clearing', 'costs'] as const satisfies readonly Account[];

export const isOfProvider = (account: Account): boolean => providerAccounts.some((each) => each === account);

/** The kinds that move money at a provider. */
type AtProvider = {
  [Kind in EntryKind]: (typeof movements)[Kind][keyof (typeof movements)[Kind]] &
    (typeof providerAccounts)[number] extends never
    ? never
    : Kind;
}[EntryKind];

type WithFee = 'refund-requested' | 'refund-granted';

/** What each kind of entry follows from. */
type FactsOf<Kind extends EntryKind> = Kind extends EntryKind
  ? { source: string; amount: Money; at: Instant } & (Kind extends 'provider-costs'
      ? { orderId?: undefined }
      : { orderId: OrderId }) &
      (Kind extends AtProvider ? { provider: ProviderName } : { provider?: ProviderName }) &
      (Kind extends WithFee ? { fee?: number } : { fee?: undefined })
  : never;

/**
 * The entry for a fact. `source` is the number of the payment, refund or order that causes it. `amount` is what moves;
 * `fee`, in minor units, is what the carrier keeps beside a refund of `amount`. Costs may be negative: the provider gave
 * some back. Throws if the amount is otherwise not positive: an entry of nothing would hide a bug.
 */
export const entryOf = <Kind extends EntryKind>(
  kind: Kind,
  { amount: { amount, currency }, fee = 0, ...facts }: FactsOf<Kind>,
): JournalEntry => {
  const { debit, credit } = movements[kind];
  if (kind === 'provider-costs' && amount < 0) {
    const back = { amount: -amount, currency };
    return entryOfLegs({ kind, ...facts }, [
      { account: credit, debit: back },
      { account: debit, credit: back },
    ]);
  }
  return entryOfLegs({ kind, ...facts }, [
    { account: debit, debit: { amount: amount + fee, currency } },
    { account: credit, credit: { amount, currency } },
    ...(fee === 0 ? [] : [{ account: 'fees', credit: { amount: fee, currency } } as const]),
  ]);
};

/** One side of an entry: a positive amount on the debit or the credit side of an account. */
export type Leg = { account: Account } & ({ debit: Money } | { credit: Money });

export type EntryFacts = Pick<JournalEntry, 'kind' | 'orderId' | 'source' | 'provider' | 'at'>;

/**
 * An entry of any legs. Throws if it is none: an amount that is not a positive safe integer, more than one currency, an
 * account twice, sides that differ, money at a provider without the provider's name, or no order for anything but a
 * provider's costs.
 */
export const entryOfLegs = (facts: EntryFacts, legs: readonly Leg[]): JournalEntry => {
  const entryId = `${facts.source}-${facts.kind}`;
  const refuse = (why: string): never => {
    throw new RangeError(`the entry ${entryId} ${why}`);
  };
  const sides = legs.map((leg) =>
    'debit' in leg
      ? { account: leg.account, sign: 1, money: leg.debit }
      : { account: leg.account, sign: -1, money: leg.credit },
  );
  const currency = sides[0]?.money.currency ?? refuse('has no legs');
  for (const { money } of sides) {
    if (!Number.isSafeInteger(money.amount) || money.amount <= 0)
      refuse(`has a leg of ${money.amount}, and books a positive amount of whole minor units`);
    if (money.currency !== currency) refuse(`mixes ${currency} and ${money.currency}`);
  }
  if (new Set(sides.map(({ account }) => account)).size < sides.length) refuse('has an account twice');
  if (!facts.provider && sides.some(({ account }) => isOfProvider(account)))
    refuse('moves money at a provider and does not say which');
  if (!facts.orderId && facts.kind !== 'provider-costs') refuse('belongs to no order');
  const entry = {
    ...facts,
    entryId,
    currency,
    legs: sides.map(({ account, sign, money: { amount } }) => ({ account, amount: sign * amount })),
  };
  const off = imbalanceOf(entry);
  return off === 0n ? entry : refuse(`is off by ${off}`);
};

/** The minor units by which the debits of an entry exceed its credits: zero, except for a stored item that is wrong. */
export const imbalanceOf = ({ legs }: Pick<JournalEntry, 'legs'>): bigint =>
  legs.reduce((total, { amount }) => total + BigInt(amount), 0n);
