import type { Class } from '../platform/ids.ts';
import type { Layout } from '../timetable/model.ts';
import type { Place, ShardSeat } from './model.ts';
import { seatsOfPlaces } from './shards.ts';

/** Whether two passengers sit next to each other, or one behind the other; without numbers, in the same coach. */
const isNear = (a: ShardSeat, b: ShardSeat): boolean => {
  if (a.coach !== b.coach) return false;
  if (a.seat === '' || b.seat === '') return true;
  if (a.row === b.row) return Math.abs(a.position - b.position) === 1;
  return a.letter === b.letter && Math.abs(Number(a.row) - Number(b.row)) === 1;
};

/**
 * How a party sits: the indexes of its places in groups, of which each member sits near another one of it. A party sits
 * together if it is one group.
 */
export const groupsOf = (layout: Layout, cls: Class, places: readonly Place[]): number[][] => {
  const seats = seatsOfPlaces(layout, cls, places);
  const groups: number[][] = [];
  for (const [index, seat] of seats.entries()) {
    const isBeside = (other: number): boolean => {
      const their = seats[other];
      return seat !== undefined && their !== undefined && isNear(seat, their);
    };
    const joined = groups.filter((group) => group.some(isBeside));
    const merged = [...joined.flat(), index].sort((a, b) => a - b);
    groups.splice(0, groups.length, ...groups.filter((group) => !joined.includes(group)), merged);
  }
  return groups.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
};

/** The indexes of places that are for people with special needs. */
export const specialAmong = (layout: Layout, cls: Class, places: readonly Place[]): number[] =>
  seatsOfPlaces(layout, cls, places).flatMap((seat, index) => (seat?.special ? [index] : []));
