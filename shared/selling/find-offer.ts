import { readFare } from '../fares/find-fare.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import type { Version } from '../timetable/model.ts';
import { faresVersionOf } from '../timetable/rules.ts';
import { readFrozenRun, readRunOfVersion, readState } from '../timetable/store.ts';
import { readStops } from '../timetable/version-store.ts';
import { decideFare, decideOffer, type Offer } from './decide-offer.ts';
import type { OrderRequest } from './draft-order.ts';
import type { OfferRefusal } from './rules.ts';

type Dependencies = { timetable: Table; clock: Clock; carrier: Carrier };

/** The stops where a run calls, for stops as search takes them: by their own id or by that of one of their platforms. */
const callsOf = async (
  timetable: Table,
  version: Version,
  { from, to }: Pick<OrderRequest, 'from' | 'to'>,
): Promise<Pick<OrderRequest, 'from' | 'to'>> => {
  const { byId } = await readStops(timetable, version);
  return { from: byId.get(from)?.stopId ?? from, to: byId.get(to)?.stopId ?? to };
};

/**
 * The requested journey according to the timetable and the fares; it writes nothing. A frozen run costs the fare of the
 * version in force, so that search and sale agree.
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
  const read = { frozen, fresh, isBehind, sales };
  const asAsked = decideOffer(read, request, carrier, clock());
  const isUnknown = asAsked.outcome === 'rejected' && asAsked.reason === 'unknown-stop';
  const decided =
    isUnknown && version
      ? decideOffer(read, { ...request, ...(await callsOf(timetable, version, request)) }, carrier, clock())
      : asAsked;
  if (decided.outcome === 'rejected') return decided;
  const fares = { ...decided.run, version: faresVersionOf(decided.run, version) };
  const adultFare = await readFare(timetable, fares, decided.stretch, request.class);
  return decideFare(decided, adultFare, request, carrier);
};
