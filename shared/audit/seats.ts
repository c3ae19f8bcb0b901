import type { Owner, Piece, Place } from '../inventory/model.ts';
import { orderOfOwner, takenAt } from '../inventory/owner.ts';
import { nameOfPiece, untouchedShard } from '../inventory/pieces.ts';
import { countFree, pairCount, viewOf } from '../inventory/rules.ts';
import { classesOf, shardsOf } from '../inventory/shards.ts';
import { itemsOf, livingItems, placesOf, type OrderItem } from '../orders/model.ts';
import { secondsBetween, type Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import { findingsAbout, shardName, type Lookups } from './lookups.ts';
import type { Finding, RunPart, StoredShard } from './model.ts';

type Report = ReturnType<typeof findingsAbout>['report'];

/** Checks everything that must be true of a run's seats. `young` counts pieces that no item names yet. */
export const auditRun = (part: RunPart, lookups: Lookups): { findings: Finding[]; young: number } => {
  const { findings, report } = findingsAbout({ kind: 'run', runId: part.runId });
  let young = 0;
  for (const key of part.unreadable) {
    report('readable', shardName(key), `${shardName(key)} cannot be read`);
  }
  if (!part.run) {
    report('run-frozen', part.runId, `the run ${part.runId} has seats sold and was never frozen`);
  } else {
    const { generation } = part.run;
    for (const shard of part.shards) {
      if (shard.key.generation === generation) auditLines(shard, part.run, report);
      else auditLeft(shard, generation, lookups, report);
    }
    auditView(part, part.run, lookups, report);
  }
  for (const shard of part.shards) young += auditOwners(shard, lookups, report);
  return { findings, young };
};

/** Checks that the pieces of each seat of a shard, put in a row, make the whole line. */
const auditLines = ({ key, state }: StoredShard, run: Run, report: Report): void => {
  const name = shardName(key);
  const seats = shardsOf(run.layout, key.class)[key.shard];
  if (!seats) return report('line-covered', name, `${name} is no shard of the run's layout`);
  const last = run.stops.length - 1;
  const bySeat = Map.groupBy(state.pieces.values(), ({ seat }) => seat);
  for (const seat of new Set([...bySeat.keys(), ...seats.map(({ index }) => index)])) {
    const pieces = (bySeat.get(seat) ?? []).toSorted((a, b) => a.from - b.from);
    const fault = seats[seat] ? faultOfLine(pieces, last) : 'is no seat of the shard';
    if (fault) report('line-covered', `${name} seat ${seat}`, `${name}: seat ${seat} ${fault}`);
  }
  return undefined;
};

const faultOfLine = (pieces: readonly Piece[], last: number): string | undefined => {
  let reached = 0;
  for (const { from, to } of pieces) {
    if (from > reached) return `has no piece from stop ${reached} to ${from}`;
    if (from < reached) return `has two pieces from stop ${from} to ${Math.min(reached, to)}`;
    reached = to;
  }
  if (reached < last) return `has no piece from stop ${reached} to ${last}`;
  return reached > last ? `goes on after the last stop ${last}` : undefined;
};

/** A generation that its run has left takes no holds, and no passenger has a seat in it. */
const auditLeft = (shard: StoredShard, generation: number, { orderOf }: Lookups, report: Report): void => {
  const name = shardName(shard.key);
  if (shard.key.generation > generation) {
    return report('generation-left', name, `${name} is there before its run is of that generation`);
  }
  if (!shard.state.closed) report('generation-left', name, `${name} still takes holds`);
  for (const { owner, ...piece } of shard.state.pieces.values()) {
    const order = owner === 'free' ? undefined : orderOf(orderOfOwner(owner));
    if (!order || owner === 'free') continue;
    const living = livingItems(order).filter((item) => namesPlace(item, shard, piece, owner));
    for (const { itemId } of living) {
      const item = `${order.orderId}-${itemId}`;
      report('generation-left', item, `the item ${item} lives in ${name}, which its run has left`);
    }
  }
  return undefined;
};

const namesPlace = (item: OrderItem, shard: StoredShard, piece: Piece, owner: Owner): boolean =>
  placesOf(item).some((place) => place.owner === owner && samePiece(place, shard, piece));

const samePiece = ({ shard, piece }: Place, { key }: StoredShard, other: Piece): boolean =>
  shardName(shard) === shardName(key) && nameOfPiece(piece) === nameOfPiece(other);

/** Whether an item may still own its piece: it lives, or the release of its seat is under way. */
const mayOwn = ({ state }: OrderItem): boolean => state !== 'released';

const auditOwners = (shard: StoredShard, { now, bounds, orderOf }: Lookups, report: Report): number => {
  let young = 0;
  for (const [name, { owner, ...piece }] of shard.state.pieces) {
    if (owner === 'free') continue;
    const orderId = orderOfOwner(owner);
    const order = orderOf(orderId);
    const naming =
      order && order.state !== 'void'
        ? itemsOf(order).filter((item) => mayOwn(item) && namesPlace(item, shard, piece, owner))
        : [];
    const key = `${shardName(shard.key)} ${name} ${owner}`;
    const where = `${shardName(shard.key)}: seat ${piece.seat}, stops ${piece.from} to ${piece.to},`;
    if (naming.length > 1) {
      report('piece-named-once', key, `${where} is named by ${naming.length} items of the order ${orderId}`);
    }
    if (naming.length > 0) continue;
    if (secondsBetween(takenAt(owner), now) < bounds.youngPieceSeconds) young += 1;
    else {
      const state = order ? `which is ${order.state}` : 'which does not exist';
      report('piece-named', key, `${where} is owned for the order ${orderId}, ${state}, by no item of it`);
    }
  }
  return young;
};

/** A closed shard offers nothing, so a class whose shards are all closed offers nothing either. */
const trueCounts = (shards: readonly StoredShard[], run: Run, now: Instant): Record<string, Uint16Array> => {
  const stored = new Map(shards.map((shard) => [shardName(shard.key), shard.state]));
  const stopCount = run.stops.length;
  return Object.fromEntries(
    classesOf(run.layout).map((cls) => {
      const counts = new Uint16Array(pairCount(stopCount));
      shardsOf(run.layout, cls).forEach((seats, shard) => {
        const name = shardName({ runId: run.runId, generation: run.generation, class: cls, shard });
        const state = stored.get(name) ?? untouchedShard(seats.length, stopCount);
        countFree(counts, stopCount, state, { now, isWaitlist: false });
      });
      return [cls, counts];
    }),
  );
};

/** The key includes the version: after a new count, the view is a different one and not yet at fault. */
const auditView = (part: RunPart, run: Run, lookups: Lookups, report: Report): void => {
  const { runId } = part;
  const shards = part.shards.filter(({ key }) => key.generation === run.generation);
  const view = viewOf(part.view, run);
  // A generation that nobody has touched needs no view: all its seats are free.
  if (!view && shards.length === 0) return undefined;
  if (!view)
    return report('view-true', runId, `the run ${runId} has seats sold and no view of its free seats`);
  const { asOf, version } = view;
  if (isFresh(asOf as Instant, lookups)) return undefined;
  if (secondsBetween(lookups.now, asOf as Instant) > lookups.bounds.viewSeconds)
    report('view-true', `${runId} ahead`, `the view of ${runId} is as of ${asOf}, which is still to come`);
  for (const [cls, counts] of Object.entries(trueCounts(shards, run, asOf as Instant))) {
    const seen = view.free[cls] ?? new Uint16Array();
    const wrong = counts.findIndex((count, index) => seen[index] !== count);
    if (wrong < 0 && seen.length === counts.length) continue;
    const difference =
      wrong < 0 ? 'it has more stops than the run' : `${seen[wrong] ?? 'none'} for ${counts[wrong]}`;
    report(
      'view-true',
      `${runId} ${cls} version ${version}`,
      `the view of ${runId}, class ${cls}, as of ${asOf}, is wrong in the stop pair ${wrong}: ${difference}`,
    );
  }
  return undefined;
};

const isFresh = (asOf: Instant, { now, bounds }: Lookups): boolean =>
  Math.abs(secondsBetween(asOf, now)) < bounds.viewSeconds;
