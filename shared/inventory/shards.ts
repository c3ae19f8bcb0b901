import type { Class } from '../platform/ids.ts';
import type { Coach, Layout, Run } from '../timetable/model.ts';
import type { Place, ShardKey, ShardSeat } from './model.ts';

/** About half a coach: few enough seats for a small item, and enough for a party to find its place in one shard. */
const seatsPerShardMax = 50;

type CoachSeat = Omit<ShardSeat, 'index' | 'special'>;

const seatsOfCoach = ({ coach, seats }: Coach): CoachSeat[] => {
  const inNoRow = (seat: string, position: number): CoachSeat => ({
    coach,
    seat,
    row: '',
    letter: '',
    position,
    window: false,
    aisle: false,
  });
  if (Array.isArray(seats)) return seats.map(inNoRow);
  // Seats without numbers are all alike, yet each is a seat of its own, so that none is sold twice on any stretch.
  if ('count' in seats) return Array.from({ length: seats.count }, (_, position) => inNoRow('', position));
  const letters = [...seats.letters];
  return Array.from({ length: seats.rows }, (_, row) => String(seats.firstRow + row)).flatMap(
    (row, rowIndex) =>
      letters.map((letter, column) => ({
        coach,
        seat: `${row}${letter}`,
        row,
        letter,
        position: rowIndex * letters.length + column,
        window: column === 0 || column === letters.length - 1,
        aisle:
          seats.aisleAfter.includes(letter) ||
          (column > 0 && seats.aisleAfter.includes(letters[column - 1] ?? ' ')),
      })),
  );
};

/** Cuts a coach between rows into groups of nearly equal size, none above the limit. */
const groupsOfCoach = (coach: Coach): ShardSeat[][] => {
  const marked = new Set(coach.specialNeeds);
  const seats = seatsOfCoach(coach).map((seat) => ({ ...seat, special: marked.has(seat.seat) }));
  const rowSize = 'letters' in coach.seats ? coach.seats.letters.length : 1;
  const rows = seats.length / rowSize;
  const groups = Math.ceil(rows / Math.max(1, Math.floor(seatsPerShardMax / rowSize)));
  const rowsPerGroup = Math.ceil(rows / groups);
  return Array.from({ length: groups }, (_, group) =>
    seats
      .slice(group * rowsPerGroup * rowSize, (group + 1) * rowsPerGroup * rowSize)
      .map((seat, index) => ({ ...seat, index })),
  ).filter((group) => group.length > 0);
};

/**
 * The shards of a class: index = shard number. The same layout always gives the same shards, because tickets name them.
 */
export const shardsOf = (layout: Layout, wanted: Class): ShardSeat[][] =>
  layout.coaches.filter((coach) => coach.class === wanted).flatMap(groupsOfCoach);

/** The seats of places, as the layout has them; undefined for a place of another layout. */
export const seatsOfPlaces = (
  layout: Layout,
  cls: Class,
  places: readonly Place[],
): (ShardSeat | undefined)[] => {
  const shards = shardsOf(layout, cls);
  return places.map(({ shard, piece }) => shards[shard.shard]?.[piece.seat]);
};

/** The classes of a layout in the order of its coaches. */
export const classesOf = (layout: Layout): Class[] => [
  ...new Set(layout.coaches.map((coach) => coach.class)),
];

export const seatCountOf = (layout: Layout, wanted: Class): number =>
  shardsOf(layout, wanted).reduce((count, shard) => count + shard.length, 0);

/** All shards of a run in its current generation, with their numbers of seats. */
export const shardsOfRun = ({
  runId,
  generation,
  layout,
}: Pick<Run, 'runId' | 'generation' | 'layout'>): { key: ShardKey; seatCount: number }[] =>
  classesOf(layout).flatMap((cls) =>
    shardsOf(layout, cls).map((seats, shard) => ({
      key: { runId, generation, class: cls, shard },
      seatCount: seats.length,
    })),
  );
