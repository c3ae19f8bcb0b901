import type { Class, OrderId } from '../platform/ids.ts';
import type { Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { newNonce, pause } from '../platform/random.ts';
import type { Clock } from '../platform/time.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import { readAvailability } from './availability-store.ts';
import { chooseSeats, type ChosenSeat } from './choose-seats.ts';
import type { Place, SeatWishes, ShardKey, ShardSeat } from './model.ts';
import { nameOfPiece, untouchedShard, type ShardState } from './pieces.ts';
import { ownerOf } from './owner.ts';
import { seatsLeft } from './rules.ts';
import { shardsOf } from './shards.ts';
import {
  givePiecesBack,
  holdFirstPieces,
  holdPieces,
  readShard,
  readShards,
  type HoldOutcome,
} from './store.ts';

export type HoldCommand = {
  orderId: OrderId;
  run: Run;
  class: Class;
  stretch: Stretch;
  party: number;
  wishes: SeatWishes;
};

type Dependencies = { inventory: Table; availability: Table; clock: Clock; random: () => number };

/** Conflicts are rare below 64 buyers at once; with this many tries and full jitter a hold ends within five seconds. */
const triesMax = 16;

/** What this request knows of the run's shards: `unread` until read, then as they were seen last. */
type Known = { key: ShardKey; seats: ShardSeat[]; state: ShardState | 'unread'; absent: boolean };

/**
 * Keeps seats for a party from one stop to another, in one shard where they fit, over several where not. Returns
 * their places in the order of the party, or `sold-out` (only when that was seen), `busy` when others were always
 * quicker. On a rejection nothing stays held.
 */
export const holdSeats =
  (dependencies: Dependencies) =>
  async (command: HoldCommand): Promise<Outcome<{ places: Place[] }, 'sold-out' | 'busy'>> => {
    const { run, stretch, party } = command;
    const views = await readAvailability(dependencies.availability, [run.runId]);
    const left = seatsLeft(views.get(run.runId), run.layout, command.class, run.stops.length, stretch);
    if (left < party) return rejected('sold-out');
    const held: Place[] = [];
    try {
      const outcome = await holdParty(dependencies, command, held);
      if (outcome !== 'held') {
        await givePiecesBack(dependencies.inventory, held);
        return rejected(outcome);
      }
      return accepted({ places: held });
    } catch (error) {
      // Whether the last try took effect is not known: its places are among `held`, and giving back is conditional.
      await givePiecesBack(dependencies.inventory, held);
      throw error;
    }
  };

const holdParty = async (
  dependencies: Dependencies,
  command: HoldCommand,
  held: Place[],
): Promise<'held' | 'sold-out' | 'busy'> => {
  const known = shuffled(knownShards(command), dependencies.random);
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    const missing = command.party - held.length;
    if (missing === 0) return 'held';
    const choice = await choose(dependencies, command, known, missing);
    if (!choice) return 'sold-out';
    const places = placesOf(dependencies, command, choice);
    held.push(...places);
    const result = await takePlaces(dependencies.inventory, choice, places, command.run.stops.length);
    if (result.outcome === 'held' || ownsAll(result.shard, places)) {
      choice.shard.state = 'unread';
      continue;
    }
    held.splice(held.length - places.length);
    choice.shard.absent = false;
    choice.shard.state = result.shard ?? 'unread';
    await pause(Math.floor(attempt / 3));
  }
  return held.length === command.party ? 'held' : 'busy';
};

const knownShards = ({ run, class: cls }: HoldCommand): Known[] =>
  shardsOf(run.layout, cls).map((seats, shard) => ({
    key: { runId: run.runId, class: cls, shard },
    seats,
    state: 'unread',
    absent: false,
  }));

const shuffled = <T>(list: readonly T[], random: () => number): T[] =>
  list
    .map((each) => ({ each, draw: random() }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ each }) => each);

type Choice = { shard: Known; chosen: ChosenSeat[] };

const see = (shard: Known, state: ShardState | undefined, stopCount: number): void => {
  shard.absent = state === undefined;
  shard.state = state ?? untouchedShard(shard.seats.length, stopCount);
};

/** Reads one shard, and only if the party does not fit there all the others: most holds cost a single read. */
const choose = async (
  { inventory, random }: Dependencies,
  { run, stretch, wishes }: HoldCommand,
  known: Known[],
  party: number,
): Promise<Choice | undefined> => {
  const stopCount = run.stops.length;
  const fitting = (shard: Known, size: number): Choice | undefined => {
    if (shard.state === 'unread') return undefined;
    const chosen = chooseSeats(shard.state, shard.seats, { stretch, party: size, wishes }, random);
    return chosen.length > 0 ? { shard, chosen } : undefined;
  };
  const first = known[0];
  if (first?.state === 'unread') see(first, await readShard(inventory, first.key), stopCount);
  const direct = known.map((shard) => fitting(shard, party)).find((choice) => choice !== undefined);
  if (direct) return direct;
  const unread = known.filter((shard) => shard.state === 'unread');
  const states = await readShards(
    inventory,
    unread.map(({ key }) => key),
  );
  unread.forEach((shard, index) => see(shard, states[index], stopCount));
  for (let size = party; size > 0; size -= 1) {
    const choice = known.map((shard) => fitting(shard, size)).find((each) => each !== undefined);
    if (choice) return choice;
  }
  return undefined;
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

/** One write; one whose answer was lost is repeated with the same owner, so that it cannot take seats twice. */
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
  } catch {
    return write();
  }
};

/** A refused try whose owner stands in the shard had worked: only its answer was lost. */
export const ownsAll = (shard: ShardState | undefined, places: readonly Place[]): boolean =>
  shard !== undefined &&
  places.every(({ piece, owner }) => shard.pieces.get(nameOfPiece(piece))?.owner === owner);
