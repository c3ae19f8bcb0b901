import type { Class, OrderId } from '../platform/ids.ts';
import type { Table } from '../platform/dynamo.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import { newNonce, pause } from '../platform/random.ts';
import type { Clock } from '../platform/time.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import { hasNeeded } from './choose-seats.ts';
import { fitting, hasSpecial, split, type Choice, type SeenShard } from './choose-shard.ts';
import type { Availability, Place, SeatWishes } from './model.ts';
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
  /** Whether the waitlist takes them, which may have kept pieces. */
  isWaitlist?: boolean;
};

type Dependencies = {
  inventory: Table;
  clock: Clock;
  random: () => number;
  /** How pieces go back that it took and cannot use; without it, they are free for anybody. */
  release?: (places: readonly Place[]) => Promise<void>;
};

/** Conflicts are rare below 64 buyers at once; with this many tries and full jitter a hold ends within five seconds. */
const triesMax = 16;

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
  (command: HoldCommand): Promise<Held> => {
    const shards = shuffled(shardsUnread(command), dependencies.random);
    return holdAmong(dependencies)(command, inOrderOf(shards, command.wishes));
  };

type Held = Accepted<{ places: Place[] }> | HoldRefusal;

/** The same among shards of which the caller may have read some. They have their last seen states afterwards. */
export const holdAmong =
  (dependencies: Dependencies) =>
  async (command: HoldCommand, shards: SeenShard[]): Promise<Held> => {
    const { release = (places) => releasePieces(dependencies.inventory, places) } = dependencies;
    const held: Place[] = [];
    try {
      const outcome = await holdParty(dependencies, command, { shards, held });
      if (outcome !== 'held') {
        await release(held);
        return outcome;
      }
      return accepted({ places: specialFirst(command, held) });
    } catch (error) {
      // The last try may or may not have taken effect: its places are in `held`, and the release is conditional.
      await release(held);
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
  { shards, held }: { shards: SeenShard[]; held: Place[] },
): Promise<'held' | HoldRefusal> => {
  const { run, class: cls, stretch } = command;
  const left = seatsLeft(command.view, run.layout, cls, run.stops.length, stretch);
  const search = { shards, left };
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

export const shardsUnread = ({ run, class: cls }: Pick<HoldCommand, 'run' | 'class'>): SeenShard[] =>
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
  { inventory, random, clock }: Dependencies,
  { run, stretch, wishes, isWaitlist = false }: HoldCommand,
  { shards, left, coach }: Search & { coach: string | undefined },
  party: number,
): Promise<Choice | undefined> => {
  const stopCount = run.stops.length;
  const wanted = (size: number, mayTakeSpecial: boolean) => ({
    stretch,
    party: size,
    wishes,
    taker: { now: clock(), isWaitlist },
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

/**
 * Reads the first few consistently: the hold probably takes seats from them, and a refused write costs more than the
 * dearer reads. A larger number only narrows the search: if a read was too old, the write's condition refuses the
 * choice and returns the fresh shard.
 */
export const look = async (
  inventory: Table,
  unread: readonly SeenShard[],
  stopCount: number,
): Promise<void> => {
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
