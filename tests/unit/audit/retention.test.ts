import { audit } from '../../../shared/audit/rules.ts';
import { entryOf } from '../../../shared/ledger/rules.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { sampleSnapshot } from '../../support/sample-snapshot.ts';

const at = (text: string) => instantSchema.parse(text);

/** Its order that was issued, alone, at another time. Its journey ends on 1 December 2026. */
const issuedAlone = (now: string) => {
  const { orders, ...world } = sampleSnapshot();
  return {
    ...world,
    now: at(now),
    orders: orders.slice(0, 1),
    runs: [],
    claims: [],
    userCounts: [],
    indexedItems: [],
  };
};

/** What is found of the data of orders; seats and claims are left out of these snapshots. */
const found = (snapshot: Parameters<typeof audit>[0]): string[] =>
  audit(snapshot)
    .map(({ invariant }) => invariant)
    .filter((invariant) => !['item-owns-piece', 'claim-kept', 'seat-count'].includes(invariant));

test('passengers who are named weeks after their journey are found', () => {
  expect(found(issuedAlone('2027-01-03T00:00:00.000Z'))).toEqual([]);
  expect(found(issuedAlone('2027-01-04T00:00:00.000Z'))).toContain('not-overdue');
});

test('as long as somebody is asked about it, an order may keep its passengers', () => {
  const snapshot = issuedAlone('2027-01-04T00:00:00.000Z');
  const attention = { kind: 'amount-disputed', why: 'a test', since: snapshot.now } as const;
  Object.assign(snapshot.orders[0]!.payments[0]!, { attention, inAttentionIndex: true });
  expect(found(snapshot)).toEqual([]);
});

test('what sees to the end of its data must be due', () => {
  const snapshot = issuedAlone('2026-12-20T00:00:00.000Z');
  Object.assign(snapshot.orders[0]!.retention!, { inDueIndex: false });
  expect(found(snapshot)).toEqual(['due-indexed']);
});

describe('an order whose years are over', () => {
  const inState = (state: 'stripped' | 'leaving', now: string) => {
    const snapshot = issuedAlone(now);
    Object.assign(snapshot.orders[0]!.retention!, { state });
    return found(snapshot).filter((invariant) => invariant === 'not-overdue');
  };

  test('is found when nothing has begun to end it', () => {
    expect(inState('stripped', '2029-12-06T00:00:00.000Z')).toEqual([]);
    expect(inState('stripped', '2029-12-08T00:00:00.000Z')).toEqual(['not-overdue']);
  });

  test('is found when it goes on leaving', () => {
    expect(inState('leaving', '2029-12-20T00:00:00.000Z')).toEqual([]);
    expect(inState('leaving', '2029-12-22T00:00:00.000Z')).toEqual(['not-overdue']);
  });
});

test('what sees to the end of data without an order is found, unless it is going itself', () => {
  const alone = (ttl: number | undefined) => {
    const snapshot = issuedAlone('2027-01-01T00:00:00.000Z');
    const [part] = snapshot.orders;
    const gone = { order: undefined, payments: [], refunds: [], tickets: [], entries: [] };
    const retention = { ...part!.retention!, ttl };
    return found({ ...snapshot, orders: [{ ...part!, ...gone, retention }] });
  };
  expect(alone(undefined)).toEqual(['retention-kept']);
  expect(alone(2_000_000_000)).toEqual([]);
});

describe('books that have outlasted their order', () => {
  const booksAlone = (ttl: number | undefined) => {
    const snapshot = issuedAlone('2030-01-01T00:00:00.000Z');
    const [part] = snapshot.orders;
    const { orderId } = part!;
    const entries = part!.entries.map((entry) => ({ ...entry, ttl }));
    const gone = { order: undefined, payments: [], refunds: [], tickets: [], retention: undefined };
    return { ...snapshot, orders: [{ ...part!, ...gone, entries }], orderId };
  };

  test('are no fault while each entry has its own end', () => {
    expect(found(booksAlone(2_000_000_000))).toEqual([]);
  });

  test('are one where an entry has none: its order has not ended, it is lost', () => {
    expect(found(booksAlone(undefined))).toContain('readable');
  });

  test('are one where money is owed in them', () => {
    const { orderId, ...snapshot } = booksAlone(2_000_000_000);
    const amount = { amount: 100, currency: 'CNY' } as const;
    const captured = entryOf('captured', {
      orderId,
      source: `${orderId}_2`,
      provider: 'alipay',
      amount,
      at: snapshot.now,
    });
    snapshot.orders[0]!.entries.push({ ...captured, ttl: 2_000_000_000 });
    expect(found(snapshot)).toEqual(['journal-agrees']);
  });
});
