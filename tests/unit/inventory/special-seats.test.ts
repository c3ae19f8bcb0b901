import { chooseSeats, compareChoices } from '../../../shared/inventory/choose-seats.ts';
import { nameOfPiece, type ShardState } from '../../../shared/inventory/pieces.ts';
import { shardsOf } from '../../../shared/inventory/shards.ts';
import { classSchema } from '../../../shared/platform/ids.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { layoutSchema } from '../../../shared/timetable/model.ts';

const layout = layoutSchema.parse({
  layoutId: 'marked',
  coaches: [
    {
      coach: '04',
      class: 'second',
      seats: { rows: 4, letters: 'ABCDF', aisleAfter: 'C' },
      specialNeeds: ['1A', '1F'],
    },
  ],
});
const [shard = []] = shardsOf(layout, classSchema.parse('second'));
const stretch = { from: 0, to: 2 };

/** A shard in which these seats are free. */
const free = (...names: string[]): ShardState => {
  const indexes = shard.filter(({ seat }) => names.includes(seat)).map(({ index }) => index);
  return {
    closed: undefined,
    pieces: new Map(
      indexes.map((seat) => [nameOfPiece({ seat, from: 0, to: 2 }), { seat, from: 0, to: 2, owner: 'free' }]),
    ),
  };
};
const all = free(...shard.map(({ seat }) => seat));
const anybody = { now: instantSchema.parse('2026-12-01T00:00:00.000Z'), isWaitlist: false };
type Wanted = Partial<Parameters<typeof chooseSeats>[2]>;
const chosen = (state: ShardState, wanted: Wanted = {}) =>
  chooseSeats(state, shard, { stretch, party: 1, wishes: {}, taker: anybody, ...wanted }, Math.random);
const names = (...asked: Parameters<typeof chosen>): string[] =>
  chosen(...asked).map(({ seat }) => seat.seat);

/** The choice is random among equals. */
const rounds = Array.from({ length: 40 }, (_, round) => round);

test('the layout says which seats are for special needs', () => {
  expect(shard.filter(({ special }) => special).map(({ seat }) => seat)).toEqual(['1A', '1F']);
});

test('others do not get them, however well they fit', () => {
  const wishes = { letters: ['A', 'F'], position: 'window' as const };
  for (const _ of rounds) {
    expect(['1A', '1F']).not.toContain(names(all)[0]);
    expect(['1A', '1F']).not.toContain(names(free('1A', '1B'), { wishes })[0]);
  }
  expect(names(free('1A', '1F'))).toEqual([]);
  expect(names(free('1A', '2B'), { party: 2 })).toEqual([]);
});

test('others get them when nothing else is left', () => {
  expect(names(free('1A'), { mayTakeSpecial: true })).toEqual(['1A']);
  expect(names(free('1A', '1B'), { party: 2, mayTakeSpecial: true }).toSorted()).toEqual(['1A', '1B']);
});

describe('who needs one', () => {
  test('gets one, before letters and windows', () => {
    for (const _ of rounds) {
      const wishes = { specialNeeds: 1, letters: ['C'], position: 'aisle' as const };
      expect(['1A', '1F']).toContain(names(all, { wishes })[0]);
    }
  });

  test('has company beside them', () => {
    for (const _ of rounds) {
      const seats = names(all, { party: 2, wishes: { specialNeeds: 1 } });
      expect([
        ['1A', '1B'],
        ['1D', '1F'],
      ]).toContainEqual(seats.toSorted());
    }
  });

  test('has company as near as there is a seat', () => {
    for (const _ of rounds)
      expect(names(free('1A', '2C', '4D', '4F'), { party: 2, wishes: { specialNeeds: 1 } })).toEqual([
        '1A',
        '2C',
      ]);
  });

  test('takes no more of them than asked for', () => {
    for (const _ of rounds) {
      const seats = chosen(all, { party: 5, wishes: { specialNeeds: 1, adjacent: false } });
      expect(seats.filter(({ seat }) => seat.special)).toHaveLength(1);
    }
  });

  test('gets two for two, though they are apart', () => {
    for (const _ of rounds)
      expect(names(all, { party: 2, wishes: { specialNeeds: 2 } }).toSorted()).toEqual(['1A', '1F']);
  });

  test('gets another seat where none is left', () => {
    expect(names(free('2B'), { wishes: { specialNeeds: 1 } })).toEqual(['2B']);
    expect(names(free('1F', '2B'), { party: 2, wishes: { specialNeeds: 2 } })).toEqual(['1F', '2B']);
  });

  test('has the shard with such a seat before the one where the party sits together', () => {
    const wishes = { specialNeeds: 1 };
    const [marked, together] = [
      chosen(free('1A', '3C'), { party: 2, wishes }),
      chosen(free('2A', '2B'), { party: 2, wishes }),
    ];
    expect(compareChoices(marked, together, wishes)).toBeLessThan(0);
    expect(compareChoices(marked, together, {})).toBeGreaterThan(0);
  });
});
