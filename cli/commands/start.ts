import type { Command } from 'commander';
import type { LocalRun } from '../../infra/local/run/run-stack.ts';
import { inLocale, type Carrier } from '../../shared/platform/carrier.ts';
import { instantOf, inZone, type Instant } from '../../shared/platform/time.ts';
import { clockOfRun } from '../clock-of-run.ts';

export const register = (program: Command): void => {
  program
    .command('start')
    .description('run everything on this machine until Ctrl-C')
    .option('--no-demo-feed', 'start with an empty timetable the first time')
    .action(async ({ demoFeed }: { demoFeed: boolean }) => {
      const { stopped, started } = listenForStop();
      // The reader of our output may leave, as in `npm start | head`. The run continues.
      for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
      const { dataDirectory } = await import('../../infra/local/run/data-dir.ts');
      const { startLocal } = await import('../../infra/local/run/run-stack.ts');
      const { carrierOfRun, merchantOf } = await import('../carrier-of-run.ts');
      const dataDir = dataDirectory();
      const carrier = carrierOfRun();
      const run = await startLocal({
        dataDir,
        ...clockOfRun(process.env),
        merchant: merchantOf(carrier),
        ...(demoFeed && { prepare: importDemo }),
      });
      process.stdout.write(await welcome(run, carrier, dataDir, process.uptime()));
      started();
      await stopped;
      await run.stop();
      process.exit();
    });
};

/**
 * Longer than a stop takes. After it this process ends with its children; unfinished work is as safe as in a power
 * failure.
 */
const stopMillisecondsMax = 4500;

/**
 * Before `started`, a signal ends the process at once, with everything that it has started. After that, Ctrl-C, SIGTERM or the
 * end of our parent resolves `stopped`: the parent keeps a channel open to us, which closes even after SIGKILL. A second signal
 * changes nothing: each Ctrl-C sends one.
 */
const listenForStop = () => {
  let isStarted = false;
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const stop = () => {
    if (!isStarted) process.exit(1);
    resolve();
    setTimeout(() => process.exit(), stopMillisecondsMax).unref();
  };
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(event, stop);
  // The listener must not keep a process alive that has nothing else to do.
  process.channel?.unref();
  return { stopped, started: () => void (isStarted = true) };
};

const importDemo = async (run: Omit<LocalRun, 'stop'>): Promise<void> => {
  const { importFirstTimetable } = await import('../first-timetable.ts');
  const report = await importFirstTimetable(run);
  if (report)
    process.stderr.write(
      `imported the demo timetable: ${report.stops} stops, ${report.trips} trips, on sale\n`,
    );
};

/** The time of a run that has another than the machine. */
const timeLine = (
  { KEYUN_TIME_ORIGIN: origin, KEYUN_TIME_SCALE: scale = '1' }: LocalRun['environment'],
  now: Instant,
  { timeZone }: Carrier,
): string => {
  if (origin === undefined) return '';
  const pace = scale === '1' ? '' : `, ${scale} times as fast as the machine’s`;
  return `  Time        ${inZone(now, timeZone)}${pace}\n`;
};

const welcome = async (
  { endpoints, environment, now }: LocalRun,
  carrier: Carrier,
  dataDir: string,
  seconds: number,
): Promise<string> => {
  const { whyUnpayable } = await import('../carrier-of-run.ts');
  const why = whyUnpayable(carrier);
  return `
${inLocale(carrier.name, carrier.defaultLocale, carrier)} (${carrier.carrierId}) runs on this machine (ready in ${seconds.toFixed(1)} s)

  API         ${endpoints.api}
  API docs    ${endpoints.docs}
  Sign in     ${endpoints.signIn}
  Mail inbox  ${endpoints.inbox}
  Cashier     ${endpoints.cashier}
${timeLine(environment, instantOf(now()), carrier)}
A token:      npm run -s keyun -- token you@example.com
Data and logs are in ${dataDir}. Ctrl-C stops everything.
${why ? `\nNote: ${why}\n` : ''}`;
};
