import type { Stretch } from '../timetable/model.ts';
import type { SeatWishes, ShardSeat } from './model.ts';
import {
  consumedPiecesMax,
  cutOf,
  gapsOf,
  type Cut,
  type Gap,
  type ShardState,
  type Taker,
} from './pieces.ts';

export type SeatsWanted = {
  stretch: Stretch;
  party: number;
  wishes: SeatWishes;
  /** Who looks for them. */
  taker: Taker;
  /** Whether a party that needs no seat for people with special needs may have one, because nothing else is left. */
  mayTakeSpecial?: boolean;
};

type Candidate = { seat: ShardSeat; gap: Gap; waste: number; wishes: number };

/** The number of wishes that a seat fulfils. */
const wishesMet = (seat: ShardSeat, wishes: SeatWishes): number =>
  Number(wishes.letters?.includes(seat.letter) ?? false) +
  Number((wishes.position === 'window' && seat.window) || (wishes.position === 'aisle' && seat.aisle));

const candidatesOf = (
  shard: ShardState,
  seats: readonly ShardSeat[],
  { stretch, wishes, taker, mayTakeSpecial = false }: SeatsWanted,
) =>
  gapsOf(shard, taker).flatMap((gap): Candidate[] => {
    const seat = seats[gap.seat];
    if (!seat || gap.from > stretch.from || gap.to < stretch.to) return [];
    if (seat.special && !wishes.specialNeeds && !mayTakeSpecial) return [];
    const waste = gap.to - gap.from - (stretch.to - stretch.from);
    return [{ seat, gap, waste, wishes: wishesMet(seat, wishes) }];
  });

const sum = <Each>(list: readonly Each[], of: (each: Each) => number): number =>
  list.reduce((total, each) => total + of(each), 0);

/** Groups of `party` candidates that lie side by side in one row. */
const neighbours = (candidates: readonly Candidate[], party: number): Candidate[][] => {
  const byPosition = candidates.toSorted((a, b) => a.seat.position - b.seat.position);
  return byPosition.flatMap((first, index) => {
    const group = byPosition.slice(index, index + party);
    const together =
      group.length === party &&
      group.every(
        ({ seat }, offset) =>
          seat.coach === first.seat.coach &&
          seat.row === first.seat.row &&
          seat.position === first.seat.position + offset,
      );
    return together ? [group] : [];
  });
};

/**
 * The closest groups of `party` candidates, for a party that fits in no row: those whose span is the smallest multiple
 * of the number of seats they take. This measure is coarse, so that several groups tie: buyers who all chose the very
 * closest would collide.
 */
const nearby = (candidates: readonly Candidate[], party: number): Candidate[][] => {
  const byPosition = candidates.toSorted((a, b) => a.seat.position - b.seat.position);
  const groups = byPosition.slice(party - 1).map((last, index) => ({
    group: byPosition.slice(index, index + party),
    reach: Math.floor((last.seat.position - (byPosition[index]?.seat.position ?? 0)) / party),
  }));
  const closest = Math.min(...groups.map(({ reach }) => reach));
  return groups.filter(({ reach }) => reach === closest).map(({ group }) => group);
};

/**
 * The best of several groups: most wishes, then least waste, and a random one among equals, so that buyers spread out.
 */
const best = (groups: readonly Candidate[][], random: () => number): Candidate[] | undefined =>
  groups
    .map((group) => ({
      group,
      wishes: sum(group, (each) => each.wishes),
      waste: sum(group, (each) => each.waste),
      draw: random(),
    }))
    .sort((a, b) => b.wishes - a.wishes || a.waste - b.waste || a.draw - b.draw)[0]?.group;

const specialIn = (seats: readonly { seat: ShardSeat }[]): number =>
  seats.filter(({ seat }) => seat.special).length;

/** Seats that lie together, with as many for special needs as the party needs and the shard has. */
const groupOf = (
  candidates: readonly Candidate[],
  { party, wishes: { specialNeeds = 0 } }: SeatsWanted,
  random: () => number,
): Candidate[] | undefined => {
  const needed = Math.min(specialNeeds, specialIn(candidates));
  const isEnough = (group: readonly Candidate[]): boolean =>
    specialNeeds === 0 || specialIn(group) === needed;
  return (
    best(neighbours(candidates, party).filter(isEnough), random) ??
    best(nearby(candidates, party).filter(isEnough), random)
  );
};

/**
 * The seats for special needs that a party needs, as far as there are any, and for the others the nearest to them. Empty
 * if the others do not find enough.
 */
const aroundSpecial = (
  drawn: readonly Candidate[],
  { party, wishes: { specialNeeds = 0 }, mayTakeSpecial = false }: SeatsWanted,
): Candidate[] => {
  const needed = drawn.filter(({ seat }) => seat.special).slice(0, specialNeeds);
  const [first] = needed;
  const distance = ({ seat }: Candidate): number =>
    first ? Math.abs(seat.position - first.seat.position) : 0;
  const others = drawn
    .filter((candidate) => !needed.includes(candidate) && (mayTakeSpecial || !candidate.seat.special))
    .sort((a, b) => Number(a.seat.special) - Number(b.seat.special) || distance(a) - distance(b));
  const group = [...needed, ...others].slice(0, party);
  return group.length === party ? group : [];
};

/** `waste`: the stops of the gap that the stretch leaves over; `wishes`: the number of wishes that the seat fulfils. */
export type ChosenSeat = { seat: ShardSeat; cut: Cut; waste: number; wishes: number };

/**
 * Seats for a party in one shard: side by side if possible, or else close to each other; in the gap that fits best, and
 * at random among equals. Empty if the shard cannot seat all of them (call again with a smaller party for a part).
 */
export const chooseSeats = (
  shard: ShardState,
  seats: readonly ShardSeat[],
  wanted: SeatsWanted,
  random: () => number,
): ChosenSeat[] => {
  if (shard.closed) return [];
  const { stretch, party, wishes } = wanted;
  const candidates = candidatesOf(shard, seats, wanted);
  if (candidates.length < party) return [];
  const drawn = candidates
    .map((candidate) => ({ candidate, draw: random() }))
    .sort(
      (a, b) =>
        b.candidate.wishes - a.candidate.wishes || a.candidate.waste - b.candidate.waste || a.draw - b.draw,
    )
    .map(({ candidate }) => candidate);
  const alone = () => (wishes.specialNeeds ? aroundSpecial(drawn, wanted) : drawn.slice(0, party));
  const together = party > 1 && wishes.adjacent !== false ? groupOf(candidates, wanted, random) : undefined;
  const chosen = (together ?? alone()).map(({ seat, gap, ...rank }) => ({
    seat,
    cut: cutOf(gap, stretch.from, stretch.to),
    ...rank,
  }));
  const consumed = chosen.reduce((count, { cut }) => count + cut.consumed.length, 0);
  // One seat alone is never too much: `holdPieces` joins its pieces first.
  return party > 1 && consumed > consumedPiecesMax ? [] : chosen;
};

/** Counts pairs of seats side by side, among seats in any order. */
const pairsTogether = (chosen: readonly ChosenSeat[]): number =>
  sum(chosen, ({ seat }) =>
    Number(
      chosen.some(
        (other) =>
          other.seat.coach === seat.coach &&
          other.seat.row === seat.row &&
          other.seat.position === seat.position + 1,
      ),
    ),
  );

/**
 * Below zero if `a`, seats of one shard, serve the party better than `b`, of another: by seats for special needs, then by
 * sitting together, then by wishes, then by the tighter fit. Zero if neither is better.
 */
export const compareChoices = (
  a: readonly ChosenSeat[],
  b: readonly ChosenSeat[],
  { adjacent = true, specialNeeds = 0 }: SeatWishes,
): number =>
  Math.min(specialNeeds, specialIn(b)) - Math.min(specialNeeds, specialIn(a)) ||
  (adjacent ? pairsTogether(b) - pairsTogether(a) : 0) ||
  sum(b, ({ wishes }) => wishes) - sum(a, ({ wishes }) => wishes) ||
  sum(a, ({ waste }) => waste) - sum(b, ({ waste }) => waste);

/** Whether a choice has all the seats for special needs that a party needs. */
export const hasNeeded = (chosen: readonly ChosenSeat[], { specialNeeds = 0 }: SeatWishes): boolean =>
  specialIn(chosen) >= specialNeeds;
