import { rejected } from '../../../shared/platform/outcome.ts';
import { decideByStanding, decideNextTry, type CommitPart } from '../../../shared/selling/decide-commit.ts';
import { sampleOrder } from '../../support/sample-order.ts';

describe('a commit of which parts were refused', () => {
  test.each<[string, CommitPart[], object]>([
    ['claims that somebody changed', ['claim'], { outcome: 'accepted', readCounts: false }],
    ['the count of its user', ['count'], { outcome: 'accepted', readCounts: true }],
    ['the stored answer, whatever else', ['replay', 'count', 'claim'], { reason: 'already-answered' }],
    ['the order, whatever else', ['order', 'replay', 'claim'], { reason: 'busy' }],
  ])('by %s', (_, refused, expected) => {
    expect(decideNextTry(new Set(refused))).toMatchObject(expected);
  });
});

describe('a commit whose answer is not known', () => {
  const mine = sampleOrder('held');
  const refused = rejected('busy');

  test('has happened where the order stands with these very seats', () => {
    expect(decideByStanding(sampleOrder('paid'), mine, refused)).toEqual({
      outcome: 'accepted',
      order: mine,
    });
  });

  test('has not happened where the order is void now', () => {
    expect(decideByStanding(undefined, mine, refused)).toBe(refused);
    const voided = { state: 'void' as const, orderId: mine.orderId, voidedAt: mine.createdAt };
    expect(decideByStanding(voided, mine, refused)).toBe(refused);
  });

  test('is not told apart by the order alone: the seats must be of this try', () => {
    const [[itemId, item]] = Object.entries(mine.items) as [[string, (typeof mine.items)[string]]];
    const owner = 'B'.repeat(32) as typeof item.place.owner;
    const items = { ...mine.items, [itemId]: { ...item, place: { ...item.place, owner } } };
    expect(decideByStanding({ ...mine, items }, mine, refused)).toBe(refused);
  });
});
