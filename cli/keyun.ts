import { Command } from 'commander';
import { dataDirectory, readEnvironment } from '../infra/local/run/data-dir.ts';
import { LocalRunError } from '../infra/local/run/ports.ts';
import { UnusableCarrier } from '../shared/platform/carrier-folder.ts';

type Registration = { register(program: Command): void };

/** The file of each command, loaded only for that command: printing a token must not load the import of timetables. */
const commands: Readonly<Record<string, () => Promise<Registration>>> = {
  start: () => import('./commands/start.ts'),
  demo: () => import('./commands/demo.ts'),
  token: () => import('./commands/token.ts'),
  carrier: () => import('./commands/carrier.ts'),
  timetable: () => import('./commands/timetable.ts'),
  runs: () => import('./commands/runs.ts'),
  sales: () => import('./commands/sales.ts'),
  orders: () => import('./commands/orders.ts'),
  availability: () => import('./commands/availability.ts'),
  attention: () => import('./commands/attention.ts'),
  audit: () => import('./commands/audit.ts'),
};

/** These start their own run; every other command uses the current run, or a deployment. */
const ownRun = new Set(['start', 'demo']);

const program = new Command('keyun')
  .description('Keyun 客运: a ticketing system for passenger carriers')
  .showHelpAfterError();

const asked = process.argv[2] ?? '';
const wanted = commands[asked];
for (const load of wanted ? [wanted] : Object.values(commands)) (await load()).register(program);

// Tables, addresses and time of the local run, unless the environment names a deployment's tables.
if (!ownRun.has(asked) && process.env['TIMETABLE_TABLE'] === undefined)
  Object.assign(process.env, readEnvironment(dataDirectory()));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LocalRunError || error instanceof UnusableCarrier)) throw error;
  process.stderr.write(`keyun: ${error.message}\n`);
  process.exitCode = 1;
}
