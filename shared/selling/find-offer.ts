import { readFare } from '../fares/find-fare.ts';
import { totalFare } from '../fares/rules.ts';
import { classesOf } from '../inventory/shards.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import type { Run, Sales, Stretch } from '../timetable/model.ts';
import { faresVersionOf, findStretch, isOnSale, type StretchRefusal } from '../timetable/rules.ts';
import { readFrozenRun, readRunOfVersion, readState } from '../timetable/store.ts';
import type { OrderRequest } from './draft-order.ts';

export type OfferRefusal =
  'unknown-run' | StretchRefusal | 'unknown-class' | 'document-missing' | 'not-on-sale' | 'no-fare';

/** `run` is the very item that was stored, where it is frozen: the keys of its shards and its times belong together. */
export type Offer = { run: Run; frozen: boolean; stretch: Stretch; adultFare: Money };

type Dependencies = { timetable: Table; clock: Clock; carrier: Carrier };

/**
 * What is asked for, as the timetable and the fares have it; nothing is written to find out. A frozen run is sold as it
 * stands, at the fare of the version in force, and only while that version has it on sale for the same stops: then
 * search and sale say the same.
 */
export const findOffer = async (
  { timetable, clock, carrier }: Dependencies,
  request: OrderRequest,
  { consistent = false } = {},
): Promise<Outcome<Offer, OfferRefusal>> => {
  const [frozen, { version, sales }] = await Promise.all([
    readFrozenRun(timetable, request.runId, { consistent }),
    readState(timetable),
  ]);
  const isBehind = frozen && version && frozen.version < version.version;
  const fresh =
    version && (isBehind || !frozen) ? await readRunOfVersion(timetable, version, request.runId) : undefined;
  const run = frozen ?? fresh;
  if (!run) return rejected('unknown-run');
  const found = findStretch(run, request.from, request.to, request);
  if (found.outcome === 'rejected') return found;
  if (!classesOf(run.layout).includes(request.class)) return rejected('unknown-class');
  if (carrier.documentRequired && request.passengers.some(({ document }) => !document)) {
    return rejected('document-missing');
  }
  const now = clock();
  if (isOnSale(run, found.stretch, sales, carrier, now) !== 'on-sale') return rejected('not-on-sale');
  // Who has bought it travels as it was; nobody else is sold what the timetable does not have any more.
  const isWithdrawn = isBehind && !isSoldBy(fresh, request, sales, carrier, now);
  if (isWithdrawn) return rejected('not-on-sale');
  const fares = { ...run, version: faresVersionOf(run, version) };
  const adultFare = await readFare(timetable, fares, found.stretch, request.class);
  const types = request.passengers.map(({ type }) => type);
  if (!adultFare || !totalFare(types, adultFare)) return rejected('no-fare');
  return accepted({ run, frozen: frozen !== undefined, stretch: found.stretch, adultFare });
};

/** Whether the newest version has the run between these stops, and has not let it leave. */
const isSoldBy = (
  fresh: Run | undefined,
  { from, to }: OrderRequest,
  sales: Sales | undefined,
  carrier: Carrier,
  now: Instant,
): boolean => {
  if (!fresh) return false;
  const found = findStretch(fresh, from, to);
  return found.outcome === 'accepted' && isOnSale(fresh, found.stretch, sales, carrier, now) === 'on-sale';
};
