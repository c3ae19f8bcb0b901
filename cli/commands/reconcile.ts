import { InvalidArgumentError, Option, type Command } from 'commander';
import { knownProviders, providerNames } from '../../shared/payments/known-providers.ts';
import type { ProviderName } from '../../shared/payments/model.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import { paymentProvider } from '../../shared/payments/providers.ts';
import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { serviceDateSchema, type ServiceDate } from '../../shared/platform/ids.ts';
import { inZone, type Instant } from '../../shared/platform/time.ts';
import { needsPerson, statusOf } from '../../shared/reconciliation/decide-report.ts';
import { readFlaggedReports } from '../../shared/reconciliation/measure-reconciliation.ts';
import type { BillDay } from '../../shared/reconciliation/model.ts';
import { reconcileDay, type Reconciled } from '../../shared/reconciliation/reconcile-day.ts';
import type { RunRefusal } from '../../shared/reconciliation/rules.ts';
import { readDifferences } from '../../shared/reconciliation/store.ts';
import { CommandFailure, type Connection } from '../connect.ts';
import { inOrder, lineOfDifference, nextStep, printReconciled, titleOf } from '../print-reconciliation.ts';
import { print, printJson, withTables } from '../run-command.ts';

type Flags = { date?: ServiceDate; provider?: ProviderName; json?: boolean };

const day = (text: string): ServiceDate => {
  const parsed = serviceDateSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('must be a day such as 2026-12-01');
  return parsed.data;
};

export const register = (program: Command): void => {
  const reconcile = program
    .command('reconcile')
    .description('compare the bills of payment providers with our books, and book what a bill proves')
    .option('--date <date>', 'the day of the bill, in the provider’s own zone', day)
    .addOption(new Option('--provider <provider>', 'only this one').choices(providerNames))
    .option('--json', 'print the reports as JSON')
    .action((flags: Flags) => withTables((connection) => run(connection, flags)));
  reconcile
    .command('list')
    .description('list the reports that need a person, with their open differences')
    .option('--json', 'print them as JSON')
    .action((_: Flags, command: Command) => {
      // The option may stand before or behind the word `list`.
      const { json } = command.optsWithGlobals<Flags>();
      return withTables((connection) => list(connection, json === true));
    });
};

/** The providers that are asked: one that is named, or all that are on. */
const providersFor = async ({ provider: name }: Flags): Promise<PaymentProvider[]> => {
  const opening = { clock: systemClock(), timeLeft: () => Infinity };
  // A secret that cannot be read ends the command: nobody should take the day for compared.
  const opened = await Promise.all(
    (name ? [name] : providerNames).map((each) => paymentProvider(each, opening)),
  );
  const providers = opened.filter((provider) => provider !== undefined);
  if (providers.length > 0) return providers;
  throw new CommandFailure(
    name
      ? `${knownProviders[name].title} is switched off: its secret has no keys`
      : 'no payment provider is switched on',
  );
};

const run = async ({ tables: { bookings } }: Connection, flags: Flags): Promise<void> => {
  const { date, json } = flags;
  if (date === undefined) throw new CommandFailure('which day? For example --date 2026-12-01');
  const clock = systemClock();
  const providers = await providersFor(flags);
  const dependencies = {
    bookings,
    clock,
    carrier: carrier(),
    findProvider: (name: ProviderName) => providers.find((provider) => provider.name === name),
  };
  const results: (BillDay & { result: Reconciled })[] = [];
  for (const { name: provider, bills } of providers) {
    const billDay = { provider, date };
    const result = await reconcileDay(dependencies)(billDay, () => true);
    results.push({ ...billDay, result });
    const isFailed = result.outcome === 'rejected';
    if (isFailed || result.report.open > 0) process.exitCode = 1;
    if (json) continue;
    if (isFailed) print(`${titleOf(billDay)}: ${lineOf(result, bills.readyAt(date))}`);
    else printReconciled(result);
  }
  if (json) printJson(results.map(shown));
};

const lineOf = ({ reason, why }: { reason: RunRefusal; why?: string }, readyAt: Instant): string => {
  const lines: Readonly<Record<RunRefusal, string>> = {
    'not-over': 'the day is not over there yet',
    'not-ready': `the bill is not ready; it is expected at ${inZone(readyAt, carrier().timeZone)}`,
    'too-old': 'the provider does not give so old a bill any more',
    'provider-off': 'the provider is switched off',
    'provider-silent': 'the provider does not answer; try again later',
    'provider-refuses': 'the provider refuses our request; see docs/runbooks/providers-refuse.md',
    'bill-unreadable': 'the bill cannot be read, so nothing was compared',
    'out-of-time': 'there was not enough time',
    'changed-meanwhile': 'somebody else works on this report; try again',
  };
  return why ? `${lines[reason]} (${why})` : lines[reason];
};

const shown = ({ provider, date, result }: BillDay & { result: Reconciled }) => {
  if (result.outcome === 'rejected') {
    const { reason, why } = result;
    return { provider, date, reason, ...(why !== undefined && { why }) };
  }
  const { report, differences, editionBefore } = result;
  return {
    ...report,
    differences: differences.map((difference) => ({
      ...difference,
      state: statusOf(difference, report, editionBefore),
    })),
  };
};

const list = async ({ tables: { bookings } }: Connection, json: boolean): Promise<void> => {
  const reports = await readFlaggedReports(bookings);
  const withDifferences = await Promise.all(
    reports.map(async (report) => ({
      report,
      open: (await readDifferences(bookings, report)).filter((each) => needsPerson(each, report)),
    })),
  );
  if (json) return printJson(withDifferences.map(({ report, open }) => ({ ...report, differences: open })));
  for (const { report, open } of withDifferences) {
    print(`${titleOf(report)}: ${report.attention?.why ?? ''}, since ${report.attention?.since ?? ''}`);
    const shown = inOrder(open.map((difference) => ({ difference, status: 'open' as const })));
    for (const { difference, status } of shown) print(lineOfDifference(difference, status));
    print(`  ${nextStep(report)}`);
  }
  if (reports.length === 0) print('No report needs a person');
  return undefined;
};
