import { accepted, rejected, type Outcome } from '../platform/outcome.ts';

/** How much of a feed an operator gives up: a share of its trips in percent; `strict` is nothing at all. */
export type Tolerance = { percent?: number | undefined; strict?: boolean | undefined };

/** What a feed loses: some of its trips, and parts of any kind, including rows. */
export type Losses = { trips: number; tripsLeftOut: number; partsLeftOut: number };

/** One bad row is no reason to refuse a whole country; more than a hundredth of its trips is no small mistake. */
const percentDefault = 1;

export type LossRefusal = 'no-trip-left' | 'too-many-trips-left-out' | 'strict';

/** Whether the same request may succeed a moment later although nobody changes anything. */
export const isRetryable = {
  'no-trip-left': false,
  'too-many-trips-left-out': false,
  strict: false,
} as const satisfies Record<LossRefusal, boolean>;

/** Decides whether to import a feed without the parts that are left out. */
export const judgeLosses = (
  { trips, tripsLeftOut, partsLeftOut }: Losses,
  { percent = percentDefault, strict = false }: Tolerance,
): Outcome<object, LossRefusal> => {
  if (tripsLeftOut >= trips) return rejected('no-trip-left');
  if (strict && partsLeftOut > 0) return rejected('strict');
  if (tripsLeftOut * 100 > trips * percent) return rejected('too-many-trips-left-out');
  return accepted({});
};

/** Explains the refusal to the operator, and names the tolerance that would be enough. */
export const lossText = (
  refusal: LossRefusal,
  { trips, tripsLeftOut, partsLeftOut }: Losses,
  { percent = percentDefault }: Tolerance,
): string => {
  const share = (tripsLeftOut * 100) / trips;
  const texts: Record<LossRefusal, () => string> = {
    'no-trip-left': () => `none of ${trips} trips can be sold`,
    'too-many-trips-left-out': () =>
      `${tripsLeftOut} of ${trips} trips are left out, ${share.toFixed(1)} %, and at most ${percent} % may be: ` +
      `correct the feed, or import it with --tolerate ${Math.ceil(share)}`,
    strict: () =>
      `${partsLeftOut} ${partsLeftOut === 1 ? 'part' : 'parts'} of the feed would be left out, ` +
      'and --strict tolerates none',
  };
  return texts[refusal]();
};
