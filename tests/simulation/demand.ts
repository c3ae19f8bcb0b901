import type { ProviderName } from '../../shared/payments/model.ts';
import type { Run } from '../../shared/timetable/model.ts';
import type { Books } from './books.ts';
import type { makeBuyers } from './buyers.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * New buyers, providers that fall silent, and perhaps an operator who closes a run: until all is quiet. Where the
 * provider is odd, it is silent for hours or days, and buyers come more slowly, so that a world lasts for long.
 */
export const beginDemand = ({
  scheduler,
  buyers,
  books,
  runs,
  closeRun,
  isQuiet,
  isOdd,
  providers,
}: {
  scheduler: Scheduler;
  buyers: ReturnType<typeof makeBuyers>;
  books: Books;
  runs: readonly Run[];
  closeRun: (run: Run) => Promise<void>;
  isQuiet: () => boolean;
  isOdd: boolean;
  providers: readonly ProviderName[];
}): void => {
  const { seed, after } = scheduler;
  const slower = isOdd ? 12 : 1;
  const arrivals = (): void => {
    if (isQuiet()) return;
    // Many want the same at once: that is when seats are fought over.
    const run = seed.pick(runs);
    for (let crowd = seed.pick([1, 1, 2, 5]); crowd > 0 && buyers.busy() < 25; crowd -= 1) buyers.arrive(run);
    after(seed.spread(2000 * slower, 400_000 * slower), arrivals);
  };
  const silences = (): void => {
    if (isQuiet()) return;
    if (seed.happens(0.5)) books.fallSilent(seed.pick(providers), silentSeconds());
    after(seed.spread(120_000, 2_400_000 * slower), silences);
  };
  const silentSeconds = (): number => {
    if (!isOdd || seed.happens(0.6)) return seed.spread(60, 1800);
    return seed.happens(0.9) ? seed.spread(3600, 5 * 3600) : seed.spread(86_400, 1.3 * 86_400);
  };
  arrivals();
  silences();
  if (seed.happens(isOdd ? 0.6 : 0.3))
    after(seed.spread(300_000, 7_200_000), () => void closeRun(seed.pick(runs)));
};
