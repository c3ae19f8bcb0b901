import type { Command } from 'commander';
import type { LocalRun } from '../../infra/local/run/run-stack.ts';

export const register = (program: Command): void => {
  program
    .command('start')
    .description('run everything on this machine until Ctrl-C')
    .option('--no-demo-feed', 'start with an empty timetable the first time')
    .action(async ({ demoFeed }: { demoFeed: boolean }) => {
      const { stopped, started } = listenForStop();
      // Whoever reads what we say may leave, as `npm start | head` does. The run goes on.
      for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
      const { dataDirectory } = await import('../../infra/local/run/data-dir.ts');
      const { startLocal } = await import('../../infra/local/run/run-stack.ts');
      const dataDir = dataDirectory();
      const run = await startLocal({
        dataDir,
        timeScale: timeScale(),
        ...(demoFeed && { prepare: importDemo }),
      });
      process.stdout.write(welcome(run, dataDir, process.uptime()));
      started();
      await stopped;
      await run.stop();
      process.exit();
    });
};

const timeScale = (): number => {
  const scale = Number(process.env['KEYUN_TIME_SCALE'] ?? 1);
  if (Number.isFinite(scale) && scale > 0) return scale;
  process.stderr.write('keyun: KEYUN_TIME_SCALE must be a number above 0\n');
  process.exit(1);
};

/**
 * Longer than a stop takes; then this process goes all the same, and its children with it. Whatever is under way is as
 * safe as if the power failed.
 */
const stopMillisecondsMax = 4500;

/**
 * Until `started`, a wish to stop ends the process at once: everything it has begun ends with it. From then on it
 * resolves `stopped`, at Ctrl-C, at SIGTERM, or when whoever started us is gone: the way in keeps a channel open to us, which
 * closes even when it is killed outright. A second signal changes nothing: it comes with each Ctrl-C.
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
  // Listening for its end must not keep a process alive that has nothing else to do.
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

const welcome = ({ endpoints }: LocalRun, dataDir: string, seconds: number): string => `
Keyun 客运 runs on this machine (ready in ${seconds.toFixed(1)} s)

  API         ${endpoints.api}
  API docs    ${endpoints.docs}
  Sign in     ${endpoints.signIn}
  Mail inbox  ${endpoints.inbox}
  Cashier     ${endpoints.cashier}

A token:      npm run -s keyun -- token you@example.com
Data and logs are in ${dataDir}. Ctrl-C stops everything.
`;
