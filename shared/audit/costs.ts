import { bookingKey } from '../bookings/keys.ts';
import type { JournalEntry } from '../ledger/model.ts';
import { imbalanceOf } from '../ledger/rules.ts';
import { serviceDateSchema } from '../platform/ids.ts';
import { millisecondsOf, type Instant } from '../platform/time.ts';
import { findingsAbout, type Lookups } from './lookups.ts';
import type { BillPart, CostsPart, Finding } from './model.ts';

/* What providers keep for their service: an entry for each provider and day, which no order has. */

const costsKind = 'provider-costs';

const idForm = /^(?<provider>[a-z]+)-(?<date>\d{4}-\d{2}-\d{2})$/;

/** The provider and the day in `<provider>-<date>`. */
const dayIn = (id: string): { provider: string; date: string } | undefined => {
  const { provider = '', date = '' } = idForm.exec(id)?.groups ?? {};
  return serviceDateSchema.safeParse(date).success ? { provider, date } : undefined;
};

/** Checks an entry by itself: its sum, its accounts, its place, and that it can be the only one of its provider and day. */
export const auditCosts = ({ key, entry, inBooks }: CostsPart): Finding[] => {
  const { findings, report } = findingsAbout({ kind: 'item', key });
  const name = `${key.pk} ${key.sk}`;
  const off = imbalanceOf(entry);
  if (off !== 0n) report('entry-balanced', name, `the entry ${name} is off by ${off}`);
  if (entry.kind !== costsKind || !hasItsAccounts(entry))
    report(
      'journal-agrees',
      name,
      `the entry ${name} does not move a provider's costs between their accounts`,
    );
  if (!isOfItsDay(key, entry))
    report(
      'journal-agrees',
      name,
      `the entry ${name} is not at the place of its provider and day, where it can be one`,
    );
  if (!inBooks) report('books-indexed', name, `the entry ${name} is not in the books of its day`);
  return findings;
};

const hasItsAccounts = ({ legs: [first, second, ...more] }: JournalEntry): boolean => {
  const [debit, credit] = [first, second].map((leg) => leg?.account);
  const isKept = debit === 'costs' && credit === 'clearing';
  // The provider gave costs back.
  const isGivenBack = debit === 'clearing' && credit === 'costs';
  return (
    more.length === 0 && (isKept || isGivenBack) && (first?.amount ?? 0) > 0 && (second?.amount ?? 0) < 0
  );
};

/** The end of a day in any zone is less than a day and a half from its noon in UTC. */
const isNear = (date: string, at: Instant): boolean =>
  Math.abs(millisecondsOf(at) - Date.parse(`${date}T12:00:00Z`)) < 1.5 * 86_400_000;

const isOfItsDay = (
  { pk, sk }: CostsPart['key'],
  { provider, source, entryId, orderId, at }: JournalEntry,
) => {
  const day = dayIn(source);
  const place = bookingKey('costs', day?.provider ?? '', entryId);
  return (
    day !== undefined &&
    orderId === undefined &&
    day.provider === provider &&
    entryId === `${source}-${costsKind}` &&
    pk === place.pk &&
    sk === place.sk &&
    isNear(day.date, at)
  );
};

/** Checks that the costs that a bill of a day has are booked, with its amount and currency, or that a person was told. */
export const auditBill = ({ id, costs }: BillPart, { costsOf, isToldOfCosts }: Lookups): Finding[] => {
  const { findings, report } = findingsAbout({ kind: 'bill', id });
  const booked = costsOf(id);
  const moved = booked?.legs.find(({ account }) => account === 'costs')?.amount ?? 0;
  for (const currency of new Set([...Object.keys(costs), ...(booked ? [booked.currency] : [])])) {
    const [says, is] = [costs[currency] ?? 0, booked?.currency === currency ? moved : 0];
    if (says === is || isToldOfCosts(id, currency)) continue;
    const what = `the bill ${id} has costs of ${says} minor units of ${currency}, and ${is} are booked`;
    report('journal-agrees', `${id} ${currency}`, what);
  }
  return findings;
};
