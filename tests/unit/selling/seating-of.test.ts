import { ownerOf } from '../../../shared/inventory/owner.ts';
import { classSchema, itemIdSchema, orderIdSchema } from '../../../shared/platform/ids.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { seatingOf } from '../../../shared/selling/seating-of.ts';
import { sampleRun } from '../../support/sample-run.ts';

const run = sampleRun('2026-12-01', [{ coach: '05', seats: ['1', '2', '3', '4'], specialNeeds: ['4'] }]);
const second = classSchema.parse('second');
const owner = ownerOf(
  orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV'),
  Buffer.alloc(4),
  instantSchema.parse('2026-12-01T00:00:00.000Z'),
);
const item = (itemId: string, seat: number) => ({
  itemId: itemIdSchema.parse(itemId),
  place: {
    shard: { runId: run.runId, generation: 1, class: second, shard: 0 },
    piece: { seat, from: 0, to: 3 },
    owner,
    coach: '05',
    seat: String(seat + 1),
  },
});
const seating = (items: ReturnType<typeof item>[], wishes = {}) =>
  seatingOf({ layout: run.layout, class: second, items, wishes }).seating;

test('names items by their numbers, which an exchange does not begin at 1', () => {
  expect(seating([item('2', 0), item('5', 1), item('7', 3)])).toEqual({ groups: [['2', '5'], ['7']] });
  expect(seating([item('3', 3), item('4', 0)], { specialNeeds: 1 })).toEqual({
    groups: [['3'], ['4']],
    specialNeeds: ['3'],
  });
});

test('says nothing of one passenger, unless they need a marked seat', () => {
  expect(seating([item('1', 0)])).toBeUndefined();
  expect(seating([item('1', 0)], { specialNeeds: 1 })).toEqual({ groups: [['1']], specialNeeds: [] });
});
