import { readFare } from '../fares/find-fare.ts';
import { totalFare } from '../fares/rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import { faresVersionOf } from '../timetable/rules.ts';
import { readFrozenRun, readRunOfVersion, readState } from '../timetable/store.ts';
import { decideOffer } from './decide-offer.ts';
import type { OrderRequest } from './draft-order.ts';
import type { OfferRefusal } from './rules.ts';

/** `run` is the very item that was stored, where it is frozen: the keys of its shards and its times belong together. */
export type Offer = { run: Run; frozen: boolean; stretch: Stretch; adultFare: Money };

type Dependencies = { timetable: Table; clock: Clock; carrier: Carrier };

/**
 * What is asked for, as the timetable and the fares have it; nothing is written to find out. A frozen run is sold at the
 * fare of the version in force: then search and sale say the same.
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
  const isBehind = frozen !== undefined && version !== undefined && frozen.version < version.version;
  const fresh =
    version && (isBehind || !frozen) ? await readRunOfVersion(timetable, version, request.runId) : undefined;
  const decided = decideOffer({ frozen, fresh, isBehind, sales }, request, carrier, clock());
  if (decided.outcome === 'rejected') return decided;
  const fares = { ...decided.run, version: faresVersionOf(decided.run, version) };
  const adultFare = await readFare(timetable, fares, decided.stretch, request.class);
  const types = request.passengers.map(({ type }) => type);
  return adultFare && totalFare(types, adultFare) ? accepted({ ...decided, adultFare }) : rejected('no-fare');
};
