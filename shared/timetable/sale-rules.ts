import type { ServiceDate } from '../platform/ids.ts';
import { plusDays } from '../platform/time.ts';
import type { Run, SaleException, SaleSubject, Sales } from './model.ts';

/** A run as the exceptions of the sale name it: by its trip's id or public name, or by its route. */
export type Sold = Pick<Run, 'tripId' | 'trip' | 'routeId'>;

/** Whether departures on a date are open for sale. */
export type DateState = 'open' | 'not-open-yet' | 'closed';

/**
 * Which departures on a date are open: the date is the local one at the stop where the passenger boards, so whatever a
 * search for an open date finds is on sale, also a run that began the day before. An exception for the trip comes first,
 * then one for its route, then one for everything, then the dates on sale.
 */
export const saleOn = (sales: Sales | undefined, date: ServiceDate): ((sold: Sold) => DateState) => {
  const usual = usualState(sales, date);
  const current = (sales?.exceptions ?? []).filter((each) => isWithin(date, each));
  if (current.length === 0) return () => usual;
  const ofKind = (kind: SaleSubject['kind']) => current.filter(({ subject }) => subject.kind === kind);
  const [trips, routes, all] = [ofKind('trip'), ofKind('route'), ofKind('all')];
  const everything = stateOf(all) ?? usual;
  return ({ tripId, trip, routeId }) =>
    stateOf(trips.filter(({ subject }) => hasId(subject, tripId) || hasId(subject, trip))) ??
    stateOf(routes.filter(({ subject }) => hasId(subject, routeId))) ??
    everything;
};

/** Whether anything can be on sale on a date: everything, or at least one trip or route by an exception. */
export const isAnythingOpen = (sales: Sales | undefined, date: ServiceDate): boolean => {
  const current = (sales?.exceptions ?? []).filter((each) => isWithin(date, each));
  const everything = stateOf(current.filter(({ subject }) => subject.kind === 'all'));
  const isOpenAlone = current.some(({ subject, sale }) => subject.kind !== 'all' && sale === 'open');
  return isOpenAlone || (everything ?? usualState(sales, date)) === 'open';
};

const usualState = (sales: Sales | undefined, date: ServiceDate): DateState => {
  if (!sales || date > sales.until) return 'not-open-yet';
  return date < sales.from ? 'closed' : 'open';
};

const isWithin = (date: ServiceDate, { from, until }: SaleException): boolean =>
  date >= from && (until === undefined || date <= until);

const hasId = (subject: SaleSubject, id: string | undefined): boolean =>
  subject.kind !== 'all' && subject.id === id;

/** If a trip's id is the public name of another, the two may differ: then the sale is closed. */
const stateOf = (exceptions: readonly SaleException[]): DateState | undefined => {
  if (exceptions.length === 0) return undefined;
  return exceptions.some(({ sale }) => sale === 'closed') ? 'closed' : 'open';
};

/** The last date of departure that is on sale, or was once. */
export const lastDateSold = ({ until, exceptions = [], reached = until }: Sales): ServiceDate =>
  exceptions.reduce(
    (last, each) =>
      each.sale === 'open' && each.until !== undefined && each.until > last ? each.until : last,
    reached > until ? reached : until,
  );

/**
 * The last service date of which an order may have touched a run: closing the sale frees no seat. At a stop whose clock is
 * behind the agency's, a run of the next service date still leaves on the last date on sale.
 */
export const lastServiceDateSold = (sales: Sales): ServiceDate => plusDays(lastDateSold(sales), 1);
