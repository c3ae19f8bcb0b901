import { instantOf, type Instant } from '../../../../shared/platform/time.ts';
import { movementsIn, troubleIn, type FeeOf, type Movement } from '../bill.ts';
import type { CashierParts } from '../cashier-site.ts';
import { failed, type Reply } from './api.ts';
import { chargeOf, chargeWithMovement, refundOf, secondsOf } from './objects.ts';

/** 2.9 % and 30 minor units, which a refund does not give back. */
const feeOf: FeeOf = (kind, amount) => (kind === 'payment' ? Math.round(amount * 0.029) + 30 : 0);

const pageMax = 100;

type Listed = Movement & { id: string };

/** A balance transaction has the id of its source with another beginning; one that is there twice has two. */
const listed = (movements: readonly Movement[]): Listed[] => {
  const seen = new Set<string>();
  return movements.map((movement) => {
    const id = `txn_${(movement.refundNo ?? movement.tradeNo).replace(/^(?:pi|re)_/, '')}`;
    const isSecond = seen.has(id);
    seen.add(id);
    return { ...movement, id: isSecond ? `${id}b` : id };
  });
};

const boundsIn = (query: URLSearchParams): { from: Instant; until: Instant } => {
  const bound = (name: string, more = 0): number | undefined => {
    const text = query.get(`created[${name}]`);
    return text === null ? undefined : (Number(text) + more) * 1000;
  };
  return {
    from: instantOf(bound('gte') ?? bound('gt', 1) ?? 0),
    until: instantOf(bound('lt') ?? bound('lte', 1) ?? Date.parse('2999-01-01')),
  };
};

/** `GET /v1/balance_transactions`: newest first, with a cursor, and with their sources if asked for. */
export const listMovements = (query: URLSearchParams, { books }: CashierParts): Reply => {
  const span = boundsIn(query);
  const trouble = troubleIn(books, span);
  if (trouble === 'late') return failed(503, 'api_error', 'api_error');
  const all = listed(movementsIn(books, span, feeOf)).toReversed();
  const cursor = query.get('starting_after');
  const start = cursor === null ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
  const limit = Number(query.get('limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > pageMax)
    return failed(400, 'parameter_invalid_integer');
  if (cursor !== null && start === 0) return failed(400, 'resource_missing');
  const page = all.slice(start, start + limit);
  const expands = [...query].some(([name, value]) => name.startsWith('expand') && value === 'data.source');
  const data = page.map((movement) => {
    const made = movementOf(movement, expands);
    return trouble === 'damaged' ? { ...made, amount: String(made.amount) } : made;
  });
  const has_more = start + limit < all.length;
  return { status: 200, body: { object: 'list', url: '/v1/balance_transactions', has_more, data } };
};

const movementOf = (movement: Listed, expands: boolean): Record<string, unknown> => {
  const { id, kind, trade, outTradeNo, at, amount, currency, fee, state } = movement;
  const isRefund = kind === 'refund';
  const charge: Record<string, unknown> = {
    ...chargeOf(trade),
    ...(outTradeNo !== trade.outTradeNo && {
      metadata: { order: outTradeNo },
      payment_intent: movement.tradeNo,
    }),
    ...(state !== undefined && { status: state }),
  };
  const refund = trade.refunds.find(({ outRequestNo }) => outRequestNo === movement.refundNo);
  const source =
    isRefund && refund
      ? { ...refundOf(trade, refund), ...(state !== undefined && { status: state }) }
      : charge;
  const signed = isRefund ? -amount : amount;
  return {
    id,
    object: 'balance_transaction',
    amount: signed,
    available_on: secondsOf(at) + 2 * 86_400,
    created: secondsOf(at),
    currency: currency.toLowerCase(),
    description: null,
    exchange_rate: null,
    fee,
    fee_details: [
      {
        amount: fee,
        application: null,
        currency: currency.toLowerCase(),
        description: 'Stripe processing fees',
        type: 'stripe_fee',
      },
    ],
    net: signed - fee,
    reporting_category: isRefund ? 'refund' : 'charge',
    source: expands ? source : source['id'],
    status: 'pending',
    type: isRefund ? 'refund' : 'charge',
  };
};

/** `GET /v1/charges/{id}`, with its balance transaction if asked for. */
export const getCharge = (id: string, query: URLSearchParams, { books }: CashierParts): Reply => {
  const trade = books.tradeByNumber(id.replace(/^ch_/, 'pi_'));
  if (!trade?.paidAt) return failed(404, 'resource_missing');
  const expands = [...query].some(
    ([name, value]) => name.startsWith('expand') && value === 'balance_transaction',
  );
  return { status: 200, body: expands ? chargeWithMovement(trade) : chargeOf(trade) };
};
