import { entryTransitions, type EntryState } from '../../../shared/entries/model.ts';
import {
  endEntry,
  fenceOnEntry,
  fulfilEntry,
  letWait,
  putEntry,
  withdrawEntry,
} from '../../../shared/entries/store.ts';
import { ownerOf } from '../../../shared/inventory/owner.ts';
import { paymentIdOf } from '../../../shared/platform/ids.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { sampleEntry } from '../../support/sample-entry.ts';
import { isWritten, newOrderId, now, put } from './stored.ts';
import { takeOut, waysOf } from './ways.ts';

/* Each write of an entry of the waitlist needs what its row of the protocol says. */

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());
afterEach(() => jest.restoreAllMocks());

const stored = async <State extends EntryState>(state: State, more: object = {}) => {
  const entry = sampleEntry(state, { entryId: newOrderId(), expiresAt: now, ...more });
  await put(tables.bookings, { pk: `ORDER#${entry.entryId}`, sk: 'WAITLIST', ...entry });
  return entry;
};

const owner = ownerOf(newOrderId(), Buffer.from([1, 2, 3, 4]), now);

const go = async (from: EntryState | 'absent', to: EntryState): Promise<boolean> => {
  const { bookings } = tables;
  if (from === 'absent')
    return isWritten(bookings, putEntry(bookings, sampleEntry('unpaid', { entryId: newOrderId() })));
  const entry = await stored(from);
  switch (to) {
    case 'waiting':
      return isWritten(
        bookings,
        letWait(
          bookings,
          { ...sampleEntry('unpaid'), entryId: entry.entryId },
          { paidBy: paymentIdOf(entry.entryId, 1), now },
        ),
      );
    case 'fulfilled': {
      const waiting = { ...sampleEntry('waiting'), entryId: entry.entryId };
      return isWritten(bookings, fulfilEntry(bookings, waiting, { owners: [owner], wish: 0, now }));
    }
    case 'withdrawn':
      return isWritten(bookings, withdrawEntry(bookings, entry, now));
    case 'ended':
      return isWritten(bookings, endEntry(bookings, entry, { endReason: 'cut-off', now }));
    default:
      throw new Error(`nothing brings an entry from ${from} to ${to}`);
  }
};

test.each(waysOf<EntryState | 'absent'>(entryTransitions))(
  'an entry goes from %s to %s only by its table',
  async (from, to) => {
    expect(await go(from, to as EntryState)).toBe(true);
    takeOut<EntryState | 'absent'>(entryTransitions, from, to);
    expect(await go(from, to as EntryState)).toBe(false);
  },
);

test('an entry that was read in another state is neither withdrawn nor ended', async () => {
  const entry = await stored('waiting');
  const seen = { ...sampleEntry('unpaid'), entryId: entry.entryId };
  expect(await isWritten(tables.bookings, withdrawEntry(tables.bookings, seen, now))).toBe(false);
  const unpaid = { endReason: 'unpaid', now } as const;
  expect(await isWritten(tables.bookings, endEntry(tables.bookings, seen, unpaid))).toBe(false);
});

test('one that may still be paid does not end as unpaid', async () => {
  const entry = await stored('unpaid', { expiresAt: plusSeconds(now, 1) });
  expect(
    await isWritten(tables.bookings, endEntry(tables.bookings, entry, { endReason: 'unpaid', now })),
  ).toBe(false);
});

test('a fenced owner never serves an entry, and another does', async () => {
  const { bookings } = tables;
  const entry = await stored('waiting');
  const other = ownerOf(entry.entryId, Buffer.from([5, 6, 7, 8]), now);
  const serve = (owners: (typeof owner)[]) =>
    isWritten(bookings, fulfilEntry(bookings, entry, { owners, wish: 0, now }));
  await fenceOnEntry(bookings, entry.entryId, owner);
  expect(await serve([other, owner])).toBe(false);
  expect(await serve([other])).toBe(true);
});
