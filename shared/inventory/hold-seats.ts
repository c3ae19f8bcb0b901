import type { Class, OrderId } from '../platform/ids.ts';
import type { Table } from '../platform/dynamo.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import { newNonce, pause } from '../platform/random.ts';
import type { Clock } from '../platform/time.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import { chooseSeats, compareChoices, hasNeeded, type ChosenSeat, type SeatsWanted } from './choose-seats.ts';
import type { Availability, Place, SeatWishes, ShardKey, ShardSeat } from './model.ts';
import { nameOfPiece, untouchedShard, type ShardState } from './pieces.ts';
import { ownerOf } from './owner.ts';
import { seatsLeft } from './rules.ts';
import { specialAmong } from './seating.ts';
import { shardsOf } from './shards.ts';
import { holdFirstPieces, holdPieces, type HoldOutcome } from './hold-store.ts';
import { releasePieces, readShards } from './store.ts';
import { youngInTheWay } from './young-pieces.ts';

export type HoldCommand = {
  orderId: OrderId;
  run: Run;
  class: Class;
  stretch: Stretch;
  party: number;
  wishes: SeatWishes;
  /** The run's seats at the last count. They decide how many shards to read first; they refuse nobody here. */
  view?: Availability | undefined;
};

type Dependencies = { inventory: Table; clock: Clock; random: () => number };

/** Conflicts are rare below 64 buyers at once; with this many tries and full jitter a hold ends within five seconds. */
const triesMax = 16;

/** This request's knowledge of a shard: `unread` until it reads the shard, then the last state that it saw. */
type SeenShard = { key: ShardKey; seats: ShardSeat[]; state: ShardState | 'unread'; absent: boolean };

/** The run's shards in random order, and the number of seats that the view shows. */
type Search = { shards: SeenShard[]; left: number };

/**
 * Why the hold failed. `busy`: others were quicker every time. `closed`: the run is closed, or is changing, or has
 * changed; the caller reads it again. `no-seats`: this saw every shard, and none has enough seats; `young` lists the
 * orders of pieces so young that they may not stay, without which there would be seats. The caller decides from them
 * whether the run is sold out.
 */
type HoldRefusal = Rejected<'busy'> | Rejected<'closed'> | (Rejected<'no-seats'> & { young: OrderId[] });

/**
 * Holds seats for a party from one stop to another, in one shard if they fit, or else over several. Returns their
 * places in the order of the party. After a rejection it holds nothing.
 */
export const holdSeats =
  (dependencies: Dependencies) =>
  async (command: HoldCommand): Promise<Accepted<{ places: Place[] }> | HoldRefusal> => {
    const held: Place[] = [];
    try {
      const outcome = await holdParty(dependencies, command, held);
      if (outcome !== 'held') {
        await releasePieces(dependencies.inventory, held);
        return outcome;
      }
      return accepted({ places: specialFirst(command, held) });
    } catch (error) {
      // The last try may or may not have taken effect: its places are in `held`, and the release is conditional.
      await releasePieces(dependencies.inventory, held);
      throw error;
    }
  };

/** The wishes of those who have no seat yet. */
const stillWanted = (
  { run, class: cls, party, wishes: { specialNeeds = 0, ...wishes } }: HoldCommand,
  held: readonly Place[],
): SeatWishes => {
  const had = specialNeeds > 0 ? specialAmong(run.layout, cls, held).length : 0;
  const needed = Math.min(specialNeeds - had, party - held.length);
  return needed > 0 ? { ...wishes, specialNeeds: needed } : wishes;
};

/** The first passengers of an order are those who need the seats for special needs. */
const specialFirst = ({ run, class: cls, wishes }: HoldCommand, held: readonly Place[]): Place[] => {
  if (!wishes.specialNeeds) return [...held];
  const special = new Set(specialAmong(run.layout, cls, held));
  return [...held.filter((_, at) => special.has(at)), ...held.filter((_, at) => !special.has(at))];
};

const holdParty = async (
  dependencies: Dependencies,
  command: HoldCommand,
  held: Place[],
): Promise<'held' | HoldRefusal> => {
  const { run, class: cls, stretch } = command;
  const left = seatsLeft(command.view, run.layout, cls, run.stops.length, stretch);
  const shuffledShards = shuffled(shardsUnread(command), dependencies.random);
  const search = { shards: inOrderOf(shuffledShards, command.wishes), left };
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    const missing = command.party - held.length;
    if (missing === 0) return 'held';
    const wishes = stillWanted(command, held);
    const choice = await choose(
      dependencies,
      { ...command, wishes },
      { ...search, coach: held[0]?.coach },
      missing,
    );
    if (!choice) return refusalAfter(dependencies, command, search, missing);
    const places = placesOf(dependencies, command, choice);
    held.push(...places);
    const result = await takePlaces(dependencies.inventory, choice, places, command.run.stops.length);
    if (result.outcome === 'held' || ownsAll(result.shard, places)) {
      choice.shard.state = 'unread';
      continue;
    }
    held.splice(held.length - places.length);
    if (result.shard?.closed) return rejected('closed');
    choice.shard.absent = false;
    choice.shard.state = result.shard ?? 'unread';
    await pause(Math.floor(attempt / 3));
  }
  return held.length === command.party ? 'held' : rejected('busy');
};

const refusalAfter = (
  { clock }: Dependencies,
  { orderId, stretch }: HoldCommand,
  { shards }: Search,
  party: number,
): HoldRefusal => {
  if (shards.some(isClosed)) return rejected('closed');
  const seen = shards.flatMap(({ state }) => (state === 'unread' ? [] : [state]));
  const young = youngInTheWay(seen, { orderId, stretch, party, now: clock() });
  return { ...rejected('no-seats'), young };
};

const isClosed = ({ state }: SeenShard): boolean => state !== 'unread' && state.closed !== undefined;

const shardsUnread = ({ run, class: cls }: HoldCommand): SeenShard[] =>
  shardsOf(run.layout, cls).map((seats, shard) => ({
    key: { runId: run.runId, generation: run.generation, class: cls, shard },
    seats,
    state: 'unread',
    absent: false,
  }));

/** Those with the seats that the party needs come first. */
const inOrderOf = (shards: readonly SeenShard[], { specialNeeds }: SeatWishes): SeenShard[] =>
  specialNeeds ? shards.toSorted((a, b) => Number(hasSpecial(b)) - Number(hasSpecial(a))) : [...shards];

const shuffled = <T>(list: readonly T[], random: () => number): T[] =>
  list
    .map((each) => ({ each, draw: random() }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ each }) => each);

type Choice = { shard: SeenShard; chosen: ChosenSeat[] };

/**
 * Two shards give nearly as good a fit as all of them: one alone sells up to two percent less of a long line, and each
 * beyond two gains less than its read costs (docs/adr/0008).
 */
const shardsAtFirst = 2;

/**
 * Finds the seats that fit best, and reads no more shards than it must: first two, or, if the view shows fewer seats
 * than there are shards, as many as are likely to have one; after each failure, twice as many as before. Most holds
 * therefore cost two reads in one request, few cost the whole train, and none waits for more than five requests. It
 * splits a party only after it has seen all shards, and gives seats for special needs to others only after that.
 */
const choose = async (
  { inventory, random }: Dependencies,
  { run, stretch, wishes }: HoldCommand,
  { shards, left, coach }: Search & { coach: string | undefined },
  party: number,
): Promise<Choice | undefined> => {
  const stopCount = run.stops.length;
  const wanted = (size: number, mayTakeSpecial: boolean) => ({
    stretch,
    party: size,
    wishes,
    mayTakeSpecial,
  });
  const choiceOf = (size: number, mayTakeSpecial = false, but?: SeenShard): Choice | undefined =>
    fitting(
      shards.filter((shard) => shard !== but),
      wanted(size, mayTakeSpecial),
      { coach, random },
    );
  for (;;) {
    const choice = choiceOf(party);
    const unread = shards.filter(({ state }) => state === 'unread');
    if (choice && (hasNeeded(choice.chosen, wishes) || !unread.some(hasSpecial))) return choice;
    if (unread.length === 0) break;
    const seen = shards.length - unread.length;
    const ahead = Math.max(shardsAtFirst, 2 * seen, Math.ceil(shards.length / Math.max(1, left)));
    await look(inventory, unread.slice(0, ahead), stopCount);
  }
  return (
    split(party, (size, but) => choiceOf(size, false, but)) ??
    choiceOf(party, true) ??
    split(party, (size, but) => choiceOf(size, true, but))
  );
};

const hasSpecial = ({ seats }: SeenShard): boolean => seats.some(({ special }) => special);

/** The best choice among the shards that were read; in the coach where others of the party sit, if they sit there. */
const fitting = (
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
const split = (
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

/**
 * Reads the first few consistently: the hold probably takes seats from them, and a refused write costs more than the
 * dearer reads. A larger number only narrows the search: if a read was too old, the write's condition refuses the
 * choice and returns the fresh shard.
 */
const look = async (inventory: Table, unread: readonly SeenShard[], stopCount: number): Promise<void> => {
  const states = await readShards(
    inventory,
    unread.map(({ key }) => key),
    { consistent: unread.length <= shardsAtFirst },
  );
  for (const [index, shard] of unread.entries()) {
    const state = states[index];
    shard.absent = state === undefined;
    shard.state = state ?? untouchedShard(shard.seats.length, stopCount);
  }
};

const placesOf = ({ clock }: Dependencies, { orderId }: HoldCommand, { shard, chosen }: Choice): Place[] => {
  const owner = ownerOf(orderId, newNonce(), clock());
  return chosen.map(({ seat, cut }) => ({
    shard: shard.key,
    piece: cut.owned,
    owner,
    coach: seat.coach,
    seat: seat.seat,
  }));
};

/** One write. After a lost answer it repeats the write with the same owner, so that it cannot take seats twice. */
const takePlaces = async (
  inventory: Table,
  { shard, chosen }: Choice,
  places: readonly Place[],
  stopCount: number,
): Promise<HoldOutcome> => {
  const cuts = chosen.map(({ cut }) => cut);
  const owner = places[0]?.owner;
  if (!owner) throw new Error('a hold takes at least one seat');
  const write = () =>
    shard.absent
      ? holdFirstPieces(inventory, shard.key, untouchedShard(shard.seats.length, stopCount), cuts, owner)
      : holdPieces(inventory, shard.key, cuts, owner);
  try {
    return await write();
  } catch (error) {
    logger.warn('the answer to a hold was lost', { ...shard.key, thrown: loggable(error) });
    return write();
  }
};

/** If a refused try's owner is in the shard, the try had worked: only its answer was lost. */
export const ownsAll = (shard: ShardState | undefined, places: readonly Place[]): boolean =>
  shard !== undefined &&
  places.every(({ piece, owner }) => shard.pieces.get(nameOfPiece(piece))?.owner === owner);
