import type { Version } from '../../shared/timetable/model.ts';
import type { Scheduler } from './scheduler.ts';

/** The timetable changes again and again, and sometimes twice at once; in some worlds it never does. */
export const beginImports = (
  { seed, after }: Scheduler,
  nextVersion: () => Promise<Version>,
  { importVersion, isQuiet }: { importVersion: (version: Version) => Promise<void>; isQuiet: () => boolean },
): void => {
  const imports = async (): Promise<void> => {
    if (isQuiet()) return;
    for (let atOnce = seed.pick([1, 1, 2]); atOnce > 0; atOnce -= 1) {
      const version = await nextVersion();
      after(seed.spread(1, 60_000), () => void importVersion(version));
    }
    after(seed.spread(60_000, 3_600_000), imports);
  };
  if (seed.happens(0.6)) after(seed.spread(60_000, 1_800_000), imports);
};
