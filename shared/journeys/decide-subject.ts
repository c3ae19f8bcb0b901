import type { Class, RunId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { ClassOffer, RideOffer } from './model.ts';

/** What the passenger cannot have: a run, and the classes of it that are gone or that the passenger named. */
export type Subject = { offer: RideOffer; classes: Class[] };

export type SubjectRefusal = 'unknown-run' | 'unknown-class';

type Asked = { passengers: number; runId?: RunId | undefined; class?: Class | undefined };

/** Whether a party can have seats in a class, as far as the last count shows. */
export const isToBeHad = ({ fare, seatsLeft }: ClassOffer, party: number): boolean =>
  fare !== null && seatsLeft >= party;

/**
 * Instead of what the passenger wants alternatives. A run that the passenger names counts, and so does a class on it,
 * whatever the last count says: a hold may just have failed. Without a run it is the first one that has nothing left for
 * the party, or else the first with a class that is gone. Undefined if nothing is gone.
 */
export const decideSubject = (
  offers: readonly RideOffer[],
  { passengers, runId, class: wanted }: Asked,
): Outcome<{ subject: Subject | undefined }, SubjectRefusal> => {
  if (runId !== undefined) {
    const offer = offers.find((each) => each.runId === runId);
    if (!offer) return rejected('unknown-run');
    if (wanted !== undefined && !offer.classes.some((each) => each.class === wanted))
      return rejected('unknown-class');
    return accepted({ subject: subjectOf(offer, wanted === undefined ? gone(offer, passengers) : [wanted]) });
  }
  const isWanted = (each: Class): boolean => wanted === undefined || each === wanted;
  const losses = offers.map((offer) => ({ offer, classes: gone(offer, passengers).filter(isWanted) }));
  const whole = losses.find(({ offer, classes }) => classes.length === offer.classes.length);
  const first = (wanted === undefined && whole) || losses.find(({ classes }) => classes.length > 0);
  return accepted({ subject: first && subjectOf(first.offer, first.classes) });
};

const gone = ({ classes }: RideOffer, party: number): Class[] =>
  classes.flatMap((each) => (isToBeHad(each, party) ? [] : [each.class]));

const subjectOf = (offer: RideOffer, classes: Class[]): Subject | undefined =>
  classes.length > 0 ? { offer, classes } : undefined;
