import { totalFare } from '../fares/rules.ts';
import { classesOf } from '../inventory/shards.ts';
import { claimDays, journeyDaysMax } from '../orders/rules.ts';
import { percentOf, type Carrier } from '../platform/carrier.ts';
import type { Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { Run, Sales, Stretch } from '../timetable/model.ts';
import { boardingDay, findStretch, isOnSale } from '../timetable/rules.ts';
import { peopleIn, refusalOfParty } from './decide-party.ts';
import type { OrderRequest } from './draft-order.ts';
import type { OfferRefusal, SeatChangeRefusal } from './rules.ts';

/** For a frozen run, `run` is exactly the stored item: the keys of its shards and its times belong together. */
export type Offer = Journey & { adultFare: Money };

/** An offer without its fare. */
type Journey = {
  run: Run;
  frozen: boolean;
  stretch: Stretch;
  /** The index of the stop at which the passengers agree to change seats. */
  changeAt?: number;
};

/** The stored run, and the run of the version in force if that is newer or nothing is stored. */
type RunRead = {
  frozen: Run | undefined;
  fresh: Run | undefined;
  isBehind: boolean;
  sales: Sales | undefined;
};

/**
 * Whether a journey is on sale, apart from fares. The sale of a frozen run uses its stored state, and lasts only while
 * the version in force offers it for the same stops: passengers travel as they bought, and nobody else can buy a run
 * that the timetable lacks.
 */
export const decideOffer = (
  { frozen, fresh, isBehind, sales }: RunRead,
  request: Omit<OrderRequest, 'userId' | 'runId' | 'wishes'>,
  carrier: Carrier,
  now: Instant,
): Outcome<Journey, Exclude<OfferRefusal, 'no-fare'>> => {
  const run = frozen ?? fresh;
  if (!run) return rejected('unknown-run');
  const found = findStretch(run, request.from, request.to, request);
  if (found.outcome === 'rejected') return found;
  const { stretch } = found;
  if (!classesOf(run.layout).includes(request.class)) return rejected('unknown-class');
  const refusal = refusalOfParty(request, carrier, boardingDay(run, stretch));
  if (refusal) return refusal;
  if (peopleIn(request).some(({ document }) => document) && daysOf(run, stretch) > journeyDaysMax)
    return rejected('journey-too-long');
  const change = decideSeatChange(run, stretch, request, carrier);
  if (change.outcome === 'rejected') return change;
  const { changeAt } = change;
  const isSold = isOnSale(run, stretch, sales, carrier, now) === 'on-sale';
  if (!isSold || (isBehind && !isSoldBy(fresh, request, sales, carrier, now))) return rejected('not-on-sale');
  return accepted({
    run,
    frozen: frozen !== undefined,
    stretch,
    ...(changeAt !== undefined && { changeAt }),
  });
};

/** The stop of a change of seats; a run may call twice at one, and then the first call on the way counts. */
const decideSeatChange = (
  run: Run,
  { from, to }: Stretch,
  { seatChange }: Pick<OrderRequest, 'seatChange'>,
  { alternatives }: Pick<Carrier, 'alternatives'>,
): Outcome<{ changeAt?: number }, SeatChangeRefusal> => {
  if (!seatChange) return accepted({});
  if (!alternatives?.seatChange) return rejected('seat-change-not-sold');
  const { at, atIndex } = seatChange;
  const changeAt = run.stops.findIndex(
    ({ stopId }, index) =>
      index > from && index < to && stopId === at && (atIndex === undefined || index === atIndex),
  );
  return changeAt < 0 ? rejected('no-change-there') : accepted({ changeAt });
};

/** Whether the journey has a fare that a passenger can pay: no provider accepts nothing, even after rounding. */
export const decideFare = (
  journey: Journey,
  adultFare: Money | undefined,
  { passengers, class: cls }: Pick<OrderRequest, 'passengers' | 'class'>,
  carrier: Pick<Carrier, 'passengerTypes'>,
): Outcome<Offer, 'no-fare'> => {
  const ride = { class: cls, day: boardingDay(journey.run, journey.stretch) };
  const percents = peopleIn({ passengers }).map(({ type }) => percentOf(carrier, type, ride));
  if (!adultFare || !totalFare(percents, adultFare)) return rejected('no-fare');
  return accepted({ ...journey, adultFare });
};

const daysOf = ({ stops }: Run, { from, to }: Stretch): number => {
  const [first, last] = [stops[from], stops[to]];
  return first && last ? claimDays({ from: first.departs, to: last.arrives }).length : 0;
};

/** Whether the newest version has the run between these stops, and it has not left yet. */
const isSoldBy = (
  fresh: Run | undefined,
  { from, to }: Pick<OrderRequest, 'from' | 'to'>,
  sales: Sales | undefined,
  carrier: Carrier,
  now: Instant,
): boolean => {
  if (!fresh) return false;
  const found = findStretch(fresh, from, to);
  return found.outcome === 'accepted' && isOnSale(fresh, found.stretch, sales, carrier, now) === 'on-sale';
};
