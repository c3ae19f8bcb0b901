import { instantOf, type Clock } from './time.ts';
import { environment } from './config.ts';

/**
 * The one source of the current time. `KEYUN_TIME_SCALE` lets time run faster in a local run, from a point that every
 * process shares (`KEYUN_TIME_ORIGIN`: `<real ms>/<scaled ms>`); unset, which is always so when deployed, it is the
 * machine's clock. Token checks never use it.
 */
export const systemClock = (): Clock => {
  const { KEYUN_TIME_SCALE: scale, KEYUN_TIME_ORIGIN: origin } = environment();
  if (!origin) return () => instantOf(Date.now());
  const [real = 0, scaled = 0] = origin.split('/').map(Number);
  return () => instantOf(Math.floor(scaled + (Date.now() - real) * scale));
};
