import type { Availability } from '../inventory/model.ts';
import { mayFitSoon, seatsLeft } from '../inventory/rules.ts';
import type { Class } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import type { Run, Stretch } from '../timetable/model.ts';

/** The stretches for which a party takes a seat each, one after the other. */
export type Way = readonly [Stretch] | readonly [Stretch, Stretch];

/**
 * How a party may sit, the best way first: on the same seats throughout, or, if it agrees to that, with a change of seats
 * at a stop on the way.
 */
export const waysOf = ({ stretch, changeAt }: { stretch: Stretch; changeAt?: number | undefined }): Way[] => {
  const { from, to } = stretch;
  return [
    [stretch],
    ...(changeAt === undefined
      ? []
      : ([
          [
            { from, to: changeAt },
            { from: changeAt, to },
          ],
        ] as const)),
  ];
};

type Wish = { run: Run; class: Class; party: number; view: Availability | undefined };

/** Whether the last count shows seats for a party on a stretch. */
export const fitsIn = ({ run, class: cls, party, view }: Wish, stretch: Stretch): boolean =>
  seatsLeft(view, run.layout, cls, run.stops.length, stretch) >= party;

/** Whether the last count shows seats for a party in one of these ways, or only perhaps in a moment. */
export const decideFit = (wish: Wish, ways: readonly Way[], now: Instant): 'fits' | 'perhaps' | 'full' => {
  const { class: cls, party, view } = wish;
  if (ways.some((way) => way.every((stretch) => fitsIn(wish, stretch)))) return 'fits';
  const mayFit = (stretch: Stretch): boolean =>
    fitsIn(wish, stretch) || mayFitSoon(view, { class: cls, stretch, party }, now);
  return ways.some((way) => way.every(mayFit)) ? 'perhaps' : 'full';
};
