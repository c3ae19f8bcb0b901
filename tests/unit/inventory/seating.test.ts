import { groupsOf, specialAmong } from '../../../shared/inventory/seating.ts';
import { shardsOf } from '../../../shared/inventory/shards.ts';
import { classSchema, orderIdSchema, runIdSchema } from '../../../shared/platform/ids.ts';
import { ownerOf } from '../../../shared/inventory/owner.ts';
import { layoutSchema } from '../../../shared/timetable/model.ts';
import { instantSchema } from '../../../shared/platform/time.ts';

const layout = layoutSchema.parse({
  layoutId: 'test',
  coaches: [
    {
      coach: '01',
      class: 'second',
      seats: { rows: 20, letters: 'ABCDF', aisleAfter: 'C' },
      specialNeeds: ['9A'],
    },
    { coach: '02', class: 'second', seats: ['11', '12', '13'] },
    { coach: '03', class: 'second', seats: { count: 60 } },
  ],
});
const second = classSchema.parse('second');
const owner = ownerOf(
  orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV'),
  Buffer.alloc(4),
  instantSchema.parse('2026-12-01T00:00:00.000Z'),
);

/** `01 9A`, or `03 #7` for the seventh place without a number. */
const placeOf = (text: string) => {
  const [coach = '', seat = ''] = text.split(' ');
  const isOf = (each: { coach: string; seat: string; position: number }): boolean =>
    each.coach === coach &&
    (seat.startsWith('#') ? each.position === Number(seat.slice(1)) : each.seat === seat);
  const shards = shardsOf(layout, second);
  const shard = shards.findIndex((seats) => seats.some(isOf));
  const index = shards[shard]?.find(isOf)?.index;
  if (index === undefined) throw new Error(`there is no seat ${text}`);
  return {
    shard: { runId: runIdSchema.parse('G1~2026-12-01'), generation: 1, class: second, shard },
    piece: { seat: index, from: 0, to: 1 },
    owner,
    coach,
    seat,
  };
};
const groups = (...seats: string[]) => groupsOf(layout, second, seats.map(placeOf));

test.each<[string, string[], number[][]]>([
  ['side by side', ['01 1A', '01 1B'], [[0, 1]]],
  ['over the aisle', ['01 1C', '01 1D'], [[0, 1]]],
  ['one behind the other', ['01 1A', '01 2A'], [[0, 1]]],
  ['one behind the other where the coach is cut in two', ['01 10B', '01 11B'], [[0, 1]]],
  ['a row between them', ['01 1A', '01 3A'], [[0], [1]]],
  ['a seat between them', ['01 1A', '01 1C'], [[0], [1]]],
  ['at the end of one row and at the beginning of the next', ['01 1F', '01 2A'], [[0], [1]]],
  ['joined by a third', ['01 1A', '01 1C', '01 1B'], [[0, 1, 2]]],
  [
    'nine in two rows',
    ['1A', '1B', '1C', '1D', '1F', '2A', '2B', '2C', '2D'].map((seat) => `01 ${seat}`),
    [[0, 1, 2, 3, 4, 5, 6, 7, 8]],
  ],
  [
    'in two groups',
    ['01 5A', '02 11', '01 5B', '02 12'],
    [
      [0, 2],
      [1, 3],
    ],
  ],
  ['in seats by name', ['02 11', '02 13'], [[0], [1]]],
  ['in one coach without numbers', ['03 #1', '03 #55'], [[0, 1]]],
  ['in two coaches', ['03 #1', '01 1A'], [[0], [1]]],
])('%s', (_, seats, expected) => {
  expect(groups(...seats)).toEqual(expected);
});

test('seats for special needs are found among the places', () => {
  expect(specialAmong(layout, second, ['01 8A', '01 9A', '02 11'].map(placeOf))).toEqual([1]);
});
