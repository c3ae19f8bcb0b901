import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Subject } from '../../infra/check/model.ts';
import type { ReportedCheck } from '../../infra/check/report.ts';
import { CommandFailure } from '../connect.ts';
import { print, printJson } from '../run-command.ts';

type Options = {
  stage: string[];
  carrier?: string;
  context: Record<string, string>;
  record?: string;
  json?: boolean;
  account?: boolean;
  region?: string;
  profile?: string;
};

const stages = ['dev', 'prod'];

/** What a deployment expects that is told nothing (docs/how-to/quotas.md). */
const smallestConcurrency = 10;

/** `name=value`, as often as it is given. */
const contextOf = (text: string, before: Record<string, string>): Record<string, string> => {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('must be name=value, as for cdk --context');
  return { ...before, [name]: value };
};

export const register = (program: Command): void => {
  program
    .command('deploy-check')
    .description('check the templates, functions and grants of a deployment; needs no AWS account')
    .addOption(new Option('--stage <stage...>', 'only these stages').choices(stages).default(stages))
    .option('--carrier <name>', 'only this carrier (default: all in carriers/)')
    .option('--context <name=value>', 'a setting of the deployment, as for cdk', contextOf, {})
    .option('--record <version>', 'record the templates as this release; later checks compare with it')
    .option('--account', 'also ask the AWS account: quotas, mail, bootstrap, what the region has')
    .option('--region <name>', 'the AWS region to ask; AWS_REGION or the profile says it otherwise')
    .option('--profile <name>', 'the profile of the AWS credentials')
    .option('--json', 'print the result as JSON')
    .action((options: Options) => inOneLine(() => check(options)));
};

/** What a person can correct is one line; everything else is thrown on. */
const inOneLine = async (work: () => Promise<void>): Promise<void> => {
  const { SynthesisFailure } = await import('../../infra/check/synthesize.ts');
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SynthesisFailure || error instanceof CommandFailure)) throw error;
    process.stderr.write(`keyun: ${error.message}\n`);
    process.exitCode = 1;
  }
};

const check = async (options: Options): Promise<void> => {
  const { runChecks } = await import('../../infra/check/checks.ts');
  const { joinResults, linesOf } = await import('../../infra/check/report.ts');
  await refuseUnknown(options.context);
  const pairs = await pairsOf(options);
  if (options.record !== undefined)
    return record(
      pairs.map(({ plain }) => plain),
      options.record,
    );
  const subjects = pairs.map(({ subject }) => subject);
  const titled = pairs.map(({ subject, plain }) => ({
    title: `${subject.stage}, ${subject.carrier}`,
    results: runChecks(subject, { plain }),
  }));
  const report = [
    ...joinResults(titled),
    ...(options.account ? await reportOfAccount(options, subjects) : []),
  ];
  const faults = report.reduce((sum, { findings }) => sum + findings.length, 0);
  if (options.json) printJson({ deployments: titled.map(({ title }) => title), checks: report });
  else {
    for (const line of report.flatMap(linesOf)) print(line);
    const checked = `${report.length} checks of ${titled.map(({ title }) => title).join('; ')}`;
    print(`${checked}: ${faults === 0 ? 'no faults' : `${faults} ${faults === 1 ? 'fault' : 'faults'}`}`);
  }
  if (faults > 0) process.exitCode = 1;
};

/** A setting with a wrong name would be the default, and the check would judge another deployment. */
const refuseUnknown = async (context: Readonly<Record<string, string>>): Promise<void> => {
  const { contextNames } = await import('../../infra/read-deployment.ts');
  // CDK has settings of its own.
  const unknown = Object.keys(context).find((name) => !name.startsWith('@') && !contextNames.includes(name));
  if (unknown !== undefined)
    throw new CommandFailure(
      `--context ${unknown}: no such setting; choose one of ${contextNames.join(', ')}`,
    );
};

/** The answers of the account, as the lines of any other check. */
const reportOfAccount = async (
  { context, region, profile }: Options,
  subjects: readonly Subject[],
): Promise<ReportedCheck[]> => {
  const { usePlace } = await import('../deploy/account.ts');
  const { askAccount } = await import('../account-check/account-checks.ts');
  const types = subjects.flatMap(({ stacks }) =>
    stacks.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)),
  );
  usePlace({ region, profile });
  const answers = await askAccount({
    types: [...new Set(types)].filter((type) => !type.startsWith('AWS::CDK::')).sort(),
    concurrency: Number(context['concurrency'] ?? smallestConcurrency),
    mailFrom: context['mailFrom'],
    publicUrl: context['publicUrl'],
  });
  return answers.map(({ name, says, faults }) => ({
    name: `account-${name}`,
    proves: says,
    findings: faults.map((fault) => ({ where: 'the account', ...fault })),
  }));
};

/** One after the other: a synthesis uses every core. */
const pairsOf = async ({ stage, carrier, context }: Options) => {
  const { deploymentsToCheck } = await import('../../infra/check/deployments.ts');
  const { synthesizePair } = await import('../../infra/check/synthesize.ts');
  const { carrierNames } = await import('../../shared/platform/carrier-folder.ts');
  const { chosenCarrier } = await import('../../infra/local/run/paths.ts');
  const first = carrier ?? chosenCarrier;
  const otherCarriers = carrier === undefined ? carrierNames().filter((name) => name !== first) : [];
  const pairs = [];
  for (const each of deploymentsToCheck({ stages: stage, carrier: first, otherCarriers, context }))
    pairs.push(await synthesizePair(each));
  return pairs;
};

/** A release is recorded for each stage once: carriers do not differ in what must survive. */
const record = async (subjects: readonly Subject[], version: string): Promise<void> => {
  const { recordReleased } = await import('../../infra/check/released.ts');
  const ofStage = new Map(subjects.toReversed().map((subject) => [subject.stage, subject]));
  for (const subject of ofStage.values()) print(`recorded ${recordReleased(subject, version)}`);
};
