import type { RefundState } from '../../../shared/payments/model.ts';
import {
  markFailed,
  markSubmitted,
  markSucceeded,
  putRefund,
} from '../../../shared/payments/refunds-store.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { refundStates, sampleRefund } from '../../support/sample-refund.ts';
import { found, future, isTaken, isWritten, newOrderId, now, put, statesWritten } from './stored.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

describe('a refund', () => {
  const stored = async (state: RefundState) => {
    const refund = sampleRefund(state, { orderId: newOrderId() });
    const key = { pk: `ORDER#${refund.orderId}`, sk: `REFUND#${refund.refundNumber}` };
    await put(tables.bookings, { ...key, ...refund, dueShard: 'DUE#0', dueAt: now });
    return {
      /** It as it was read, whatever it is by now. */
      seen: <Seen extends RefundState>(as: Seen) => sampleRefund(as, { orderId: refund.orderId }),
      read: () => found(tables.bookings, key),
    };
  };

  test('is intended once', async () => {
    const { seen } = await stored('submitted');
    expect(await isWritten(tables.bookings, putRefund(tables.bookings, seen('requested')))).toBe(false);
  });

  test('is asked for until it is done or refused', async () => {
    const asked = await statesWritten(refundStates, async (state) => {
      const { seen, read } = await stored(state);
      await markSubmitted(tables.bookings, seen('requested'), { again: future, declined: undefined });
      return (await read())?.['attempts'] === 1;
    });
    expect(asked).toEqual(['requested', 'submitted']);
  });

  test('is declined for good only while it is asked for', async () => {
    const attention = { kind: 'refund-declined', why: 'why', since: now } as const;
    const declined = await statesWritten(refundStates, async (state) =>
      isTaken(
        markFailed(tables.bookings, (await stored(state)).seen('submitted'), {
          why: 'why',
          attention,
          again: future,
        }),
      ),
    );
    expect(declined).toEqual(['requested', 'submitted']);
  });

  test('T21: is done once, also after it was refused or while a person settles it', async () => {
    const done = await statesWritten(refundStates, async (state) =>
      isWritten(
        tables.bookings,
        markSucceeded(tables.bookings, (await stored(state)).seen('submitted'), now),
      ),
    );
    expect(done).toEqual(['requested', 'submitted', 'failed', 'settling']);
  });
});
