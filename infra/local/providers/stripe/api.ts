import { createHash, randomBytes } from 'node:crypto';
import { instantSchema, plusSeconds } from '../../../../shared/platform/time.ts';
import type { CashierParts } from '../cashier-site.ts';
import { withTrouble } from '../refund-troubles.ts';
import { closed, type Trade } from '../trade.ts';
import { chargeWithMovement, intentOf, leftOf, refundOf } from './objects.ts';

export type Reply = { status: number; body: Record<string, unknown> };

export const failed = (status: number, code: string, type = 'invalid_request_error'): Reply => ({
  status,
  body: { error: { type, code, message: code } },
});

const newId = (kind: string): string => `${kind}_${randomBytes(12).toString('hex')}`;

/** `metadata[payment]=1` → `{ payment: '1' }`. */
const metadataIn = (form: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...form].flatMap(([name, value]) => {
      const key = /^metadata\[(\w+)\]$/.exec(name)?.[1];
      return key ? [[key, value] as const] : [];
    }),
  );

/** A payment without a deadline of the merchant's can be paid late only after a day. */
const withoutDeadlineSeconds = 86_400;

/** `POST /v1/payment_intents`. */
export const createIntent = (form: URLSearchParams, { books, clock }: CashierParts): Reply => {
  const total = Number(form.get('amount'));
  const currency = form.get('currency') ?? '';
  if (!Number.isInteger(total) || total <= 0) return failed(400, 'parameter_invalid_integer');
  if (!/^[a-z]{3}$/.test(currency)) return failed(400, 'parameter_missing');
  const metadata = metadataIn(form);
  const id = newId('pi');
  const now = clock();
  const payBy = instantSchema.safeParse(metadata['payBy']);
  const trade: Trade = {
    outTradeNo: metadata['payment'] ?? id,
    tradeNo: id,
    subject: form.get('description') ?? id,
    total,
    currency: currency.toUpperCase(),
    createdAt: now,
    expiresAt: payBy.success ? payBy.data : plusSeconds(now, withoutDeadlineSeconds),
    neverExpires: true,
    notifyUrl: undefined,
    returnUrl: undefined,
    status: 'waiting',
    slowAnswers: 0,
    refunds: [],
    more: {
      clientSecret: `${id}_secret_${randomBytes(12).toString('hex')}`,
      metadata: JSON.stringify(metadata),
    },
  };
  books.write({ trade, note: { key: trade.more?.['clientSecret'] ?? id, content: trade.outTradeNo } });
  return { status: 200, body: intentOf(trade) };
};

const missing = (): Reply => failed(404, 'resource_missing');

/** Whether a request wants the charge of a PaymentIntent, with its balance transaction, and not its id alone. */
const wantsCharge = (query: URLSearchParams, of = ''): boolean =>
  [...query].some(
    ([name, value]) => name.startsWith('expand') && value === `${of}latest_charge.balance_transaction`,
  );

const shown = (trade: Trade, withCharge: boolean): Record<string, unknown> => ({
  ...intentOf(trade),
  ...(withCharge && trade.paidAt && { latest_charge: chargeWithMovement(trade) }),
});

export const getIntent = (id: string, query: URLSearchParams, { books }: CashierParts): Reply => {
  const trade = books.tradeByNumber(id);
  return trade ? { status: 200, body: shown(trade, wantsCharge(query)) } : missing();
};

/** `POST /v1/payment_intents/{id}/cancel`: what is paid or cancelled cannot be cancelled. */
export const cancelIntent = (id: string, { books, clock, tell }: CashierParts): Reply => {
  const trade = books.tradeByNumber(id);
  if (!trade) return missing();
  if (trade.status !== 'waiting') return failed(400, 'payment_intent_unexpected_state');
  const after = closed(trade, clock());
  books.write({ trade: after, deliveries: tell(after, { of: 'closed' }, clock()) });
  return { status: 200, body: intentOf(after) };
};

/** `GET /v1/payment_intents/search?query=metadata['payment']:'…'`. */
export const searchIntents = (query: URLSearchParams, { books }: CashierParts): Reply => {
  const number = /^metadata\['payment'\]:'([^']+)'$/.exec(query.get('query') ?? '')?.[1];
  if (!number) return failed(400, 'parameter_invalid');
  const trade = books.trade(number);
  return {
    status: 200,
    body: {
      object: 'search_result',
      data: trade ? [shown(trade, wantsCharge(query, 'data.'))] : [],
      has_more: false,
    },
  };
};

/** `POST /v1/refunds`: never more than is left. */
export const createRefund = (form: URLSearchParams, { books, clock, tell }: CashierParts): Reply => {
  const trade = books.tradeByNumber(form.get('payment_intent') ?? '');
  if (!trade) return missing();
  if (trade.status !== 'paid') return failed(400, 'charge_not_captured');
  const amount = Number(form.get('amount') ?? leftOf(trade));
  if (!Number.isInteger(amount) || amount <= 0) return failed(400, 'parameter_invalid_integer');
  if (leftOf(trade) === 0) return failed(400, 'charge_already_refunded');
  if (amount > leftOf(trade)) return failed(400, 'amount_too_large');
  const { trade: rest, refund } = withTrouble(trade, { outRequestNo: newId('re'), amount, at: clock() });
  if (!refund) {
    books.write({ trade: rest });
    return failed(400, 'balance_insufficient');
  }
  const after = {
    ...rest,
    refunds: [...trade.refunds, refund],
    more: { ...trade.more, [refund.outRequestNo]: JSON.stringify(metadataIn(form)) },
  };
  books.write({ trade: after, deliveries: tell(after, { of: 'refund', refund }, clock()) });
  return { status: 200, body: refundOf(after, refund) };
};

export const listRefunds = (intentId: string, { books }: CashierParts): Reply => {
  const trade = books.tradeByNumber(intentId);
  const data = trade ? trade.refunds.map((refund) => refundOf(trade, refund)).toReversed() : [];
  return { status: 200, body: { object: 'list', data, has_more: false, url: '/v1/refunds' } };
};

type Kept = { hash: string; reply: Reply };

/** Does a request once for its key, and answers it again in the same words; another request by the same key is refused. */
export const onceFor = (
  key: string | undefined,
  request: string,
  { books }: CashierParts,
  work: () => Reply,
): Reply => {
  if (key === undefined) return work();
  const hash = createHash('sha256').update(request).digest('hex');
  const note = `idempotency:${key}`;
  const before = books.note<Kept>(note);
  if (before)
    return before.hash === hash ? before.reply : failed(400, 'idempotency_error', 'idempotency_error');
  const reply = work();
  books.write({ note: { key: note, content: { hash, reply } satisfies Kept } });
  return reply;
};
