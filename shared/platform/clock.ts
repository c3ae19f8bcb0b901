import { instantOf, type Clock } from './time.ts';
import { environment } from './config.ts';

/** The machine’s own clock, in milliseconds since 1970. It goes on while a function is frozen, and nothing scales it. */
export const machineMilliseconds = (): number => Date.now();

/**
 * The only source of the current time. `KEYUN_TIME_SCALE` makes time run faster in a local run, from a point that all
 * its processes share (`KEYUN_TIME_ORIGIN`: `<real ms>/<scaled ms>`); until that point it stands. If it is unset, as it
 * always is when deployed, this is the machine's clock. Token checks never use it.
 */
export const systemClock = (): Clock => {
  const { KEYUN_TIME_SCALE: scale, KEYUN_TIME_ORIGIN: origin } = environment();
  if (!origin) return () => instantOf(Date.now());
  const [real = 0, scaled = 0] = origin.split('/').map(Number);
  return () => instantOf(Math.floor(scaled + Math.max(0, Date.now() - real) * scale));
};
