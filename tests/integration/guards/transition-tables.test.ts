import { refundTransitions, type RefundState } from '../../../shared/payments/model.ts';
import { markFailed, markSubmitted, markSucceeded } from '../../../shared/payments/refunds-store.ts';
import {
  beginSettling,
  giveBack,
  markSettled,
  retryRefund,
} from '../../../shared/payments/settling-store.ts';
import type { Handled } from '../../../shared/bookings/attention.ts';
import type { Transitions } from '../../../shared/bookings/transitions.ts';
import type { OrderId } from '../../../shared/platform/ids.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { sampleRefund } from '../../support/sample-refund.ts';
import { future, isWritten, newOrderId, now, put } from './stored.ts';

/* The tables of transitions are what the writes go by: what is not in them is not written. */

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());
afterEach(() => jest.restoreAllMocks());

/** Every way of a table. */
const waysOf = <State extends string>(table: Transitions<State>): [State, State][] =>
  (Object.keys(table) as State[]).flatMap((from) => table[from].map((to): [State, State] => [from, to]));

const takeOut = <State extends string>(table: Transitions<State>, from: State, to: State): void => {
  const left = table[from].filter((state) => state !== to);
  jest.replaceProperty(table, from, left as Transitions<State>[State]);
};

const handled: Handled = { at: now, by: 'zhang', did: 'settled', reason: 'seen to' };
const attention = { kind: 'refund-declined', why: 'why', since: now } as const;

describe('a refund', () => {
  const keyOf = ({ orderId, refundNumber }: { orderId: OrderId; refundNumber: string }) => ({
    pk: `ORDER#${orderId}`,
    sk: `REFUND#${refundNumber}`,
  });

  /** The write that goes a way. */
  const go = async (from: RefundState, to: RefundState): Promise<boolean> => {
    const orderId = newOrderId();
    const more = { orderId, handled: [handled] };
    const refund = sampleRefund(from, more);
    const { bookings } = tables;
    await put(bookings, { ...keyOf(refund), ...refund, dueShard: 'DUE#0', dueAt: now });
    switch (to) {
      case 'requested':
        return retryRefund(bookings, sampleRefund('failed', more), { handled, attention, now });
      case 'submitted':
        return markSubmitted(bookings, sampleRefund('requested', more), {
          again: future,
          declined: undefined,
        });
      case 'failed':
        return from === 'settling'
          ? giveBack(bookings, sampleRefund('settling', more), { handled, attention })
          : markFailed(bookings, sampleRefund('submitted', more), { why: 'why', attention, again: future });
      case 'settling':
        return beginSettling(bookings, sampleRefund('failed', more), {
          handled,
          attention,
          unconfirmedSince: now,
        });
      case 'succeeded':
        return isWritten(bookings, markSucceeded(bookings, refund, now));
      case 'settled':
        return isWritten(
          bookings,
          markSettled(bookings, sampleRefund('settling', more), { handled, again: future }),
        );
    }
  };

  test.each(waysOf(refundTransitions))('goes from %s to %s only by its table', async (from, to) => {
    expect(await go(from, to)).toBe(true);
    takeOut(refundTransitions, from, to);
    expect(await go(from, to)).toBe(false);
  });
});
