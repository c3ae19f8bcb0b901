import { chooseSeats, compareChoices, type ChosenSeat, type SeatsWanted } from './choose-seats.ts';
import type { ShardKey, ShardSeat } from './model.ts';
import type { ShardState } from './pieces.ts';

/** This request's knowledge of a shard: `unread` until it reads the shard, then the last state that it saw. */
export type SeenShard = { key: ShardKey; seats: ShardSeat[]; state: ShardState | 'unread'; absent: boolean };

export type Choice = { shard: SeenShard; chosen: ChosenSeat[] };

/** Whether it has seats for people with special needs, taken or not. */
export const hasSpecial = ({ seats }: SeenShard): boolean => seats.some(({ special }) => special);

/** The best choice among the shards that were read; in the coach where others of the party sit, if they sit there. */
export const fitting = (
  shards: readonly SeenShard[],
  wanted: SeatsWanted,
  { coach, random }: { coach: string | undefined; random: () => number },
): Choice | undefined => {
  let best: Choice | undefined;
  const compare = (a: Choice, b: Choice): number =>
    (wanted.wishes.adjacent === false ? 0 : isIn(b, coach) - isIn(a, coach)) ||
    compareChoices(a.chosen, b.chosen, wanted.wishes);
  for (const shard of shards) {
    if (shard.state === 'unread') continue;
    const chosen = chooseSeats(shard.state, shard.seats, wanted, random);
    if (chosen.length === 0) continue;
    // The first among equals wins: each request has its own order of shards, so that buyers spread out.
    const choice = { shard, chosen };
    if (!best || compare(choice, best) < 0) best = choice;
  }
  return best;
};

const isIn = ({ chosen }: Choice, coach: string | undefined): number =>
  Number(chosen[0]?.seat.coach === coach);

/**
 * The largest part of a party that finds seats in one shard. If that leaves a single passenger alone, and two can sit
 * elsewhere, it leaves two.
 */
export const split = (
  party: number,
  choiceOf: (size: number, but?: SeenShard) => Choice | undefined,
): Choice | undefined => {
  for (let size = party - 1; size > 0; size -= 1) {
    const choice = choiceOf(size);
    if (!choice) continue;
    const smaller = party - size === 1 && size > 2 ? choiceOf(size - 1) : undefined;
    return smaller && choiceOf(2, smaller.shard) ? smaller : choice;
  }
  return undefined;
};
