import { Command, Option } from 'commander';
import { chooseEnvironment, commandOf } from './choose-environment.ts';
import { reportFailure } from './run-command.ts';

type Registration = { register(program: Command): void };

/** The file of each command, loaded only for that command: printing a token must not load the import of timetables. */
const commands: Readonly<Record<string, () => Promise<Registration>>> = {
  start: () => import('./commands/start.ts'),
  demo: () => import('./commands/demo.ts'),
  token: () => import('./commands/token.ts'),
  carrier: () => import('./commands/carrier.ts'),
  profile: () => import('./commands/profile.ts'),
  timetable: () => import('./commands/timetable.ts'),
  runs: () => import('./commands/runs.ts'),
  sales: () => import('./commands/sales.ts'),
  staff: () => import('./commands/staff.ts'),
  orders: () => import('./commands/orders.ts'),
  gate: () => import('./commands/gate.ts'),
  refunds: () => import('./commands/refunds.ts'),
  availability: () => import('./commands/availability.ts'),
  attention: () => import('./commands/attention.ts'),
  ledger: () => import('./commands/ledger.ts'),
  reconcile: () => import('./commands/reconcile.ts'),
  audit: () => import('./commands/audit.ts'),
  repair: () => import('./commands/repair.ts'),
  deploy: () => import('./commands/deploy.ts'),
  destroy: () => import('./commands/destroy.ts'),
  smoke: () => import('./commands/smoke.ts'),
  'deploy-check': () => import('./commands/deploy-check.ts'),
};

const program = new Command('keyun')
  .description('Keyun 客运: a ticketing system for passenger carriers')
  .addOption(
    new Option('--stack <name>', 'use a deployment on AWS, such as Keyun-prod, instead of the local run').env(
      'KEYUN_STACK',
    ),
  )
  .hook('preAction', (_, command) => chooseEnvironment(command))
  .showHelpAfterError();

const wanted = commands[commandOf(process.argv.slice(2))];
for (const load of wanted ? [wanted] : Object.values(commands)) (await load()).register(program);

try {
  await program.parseAsync();
} catch (error) {
  reportFailure(error);
}
