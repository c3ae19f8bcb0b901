import { rmSync } from 'node:fs';
import { readCounted } from '../../infra/costs/counted.ts';
import { idleCosts } from '../../infra/costs/idle-costs.ts';
import { readPrices, totalOf } from '../../infra/costs/prices.ts';
import { CommandFailure } from '../connect.ts';
import { findAccount, usePlace, withCloudFormation, type Account, type Place } from './account.ts';
import { assemble, type Assembly } from './assembly.ts';
import { checkAssembly } from './check-assembly.ts';
import { assertSomebodyAnswers, confirm } from './confirm.ts';
import { deployedTemplates, listStacks } from './deployed-stacks.ts';
import { dryRun } from './dry-run.ts';
import { explainFailure } from './explain-failure.ts';
import { nextSteps } from './next-steps.ts';
import { say } from './say.ts';
import { outputsFile, readOutputs } from './outputs.ts';
import { planText } from './plan-text.ts';
import { runCdk } from './run-cdk.ts';
import { readSettings, type Settings } from './settings.ts';
import { whyBlocked, type StackState } from './stacks.ts';
import { assertToolkit, environmentName, toolkitVersion } from './toolkit.ts';

export type DeployOptions = Place &
  Readonly<Record<string, unknown>> & { bootstrap?: true; dryRun?: true; yes?: true; acceptLoss?: boolean };

/** The oldest version of the CDK's own stack that a template of CDK 2 asks for. */
const oldestToolkit = 6;

/** The regions of the assembly: that of the deployment, and those of stacks with a region of their own. */
const regionsOf = ({ stacks }: Assembly, { region }: Account): string[] => [
  ...new Set([region, ...stacks.map((stack) => stack.region ?? region)]),
];

/** Prepares a region for the CDK, where `--bootstrap` asks for it. Throws the command if it is not prepared. */
const prepare = async (place: Account, needed: number, bootstrap: boolean): Promise<void> => {
  const version = await withCloudFormation(toolkitVersion, place.region);
  if (!bootstrap || (version ?? 0) >= needed) return assertToolkit(version, needed, place);
  say(`preparing ${environmentName(place)} for the CDK …`);
  if ((await runCdk('bootstrap', environmentName(place))) !== 0)
    throw new CommandFailure('cdk bootstrap failed; its own message is above this line');
};

/** The stacks of the stage that are there already. Throws a line for each that cannot be deployed now. */
const deployableStacks = async (stage: string): Promise<StackState[]> => {
  const states = await withCloudFormation((client) => listStacks(client, stage));
  const blocked = states.flatMap((state) => whyBlocked(state) ?? []);
  if (blocked.length > 0) throw new CommandFailure(blocked.join('\n'));
  return states;
};

const idleDollarsOf = ({ stacks }: Assembly): number => {
  const templates = stacks.map(({ resources }) => ({ Resources: resources }));
  return totalOf(readPrices(), idleCosts(templates, readCounted()));
};

/**
 * From the options to stacks that answer. What needs no account is refused first, then what AWS can tell in a second, then what
 * takes a synthesis; the person is asked when everything is known. Throws one line for whatever must be corrected.
 */
export const deploy = async ({
  region,
  profile,
  bootstrap,
  dryRun: isDry,
  yes,
  acceptLoss: acceptsLoss = false,
  ...options
}: DeployOptions) => {
  const settings = readSettings(options);
  usePlace({ region, profile });
  if (isDry) return dryRun(settings, acceptsLoss);
  assertSomebodyAnswers(yes);
  const place = await findAccount();
  usePlace({ region: place.region });
  if (!bootstrap) await prepare(place, oldestToolkit, false);
  const deployed = await deployableStacks(settings.deployment.stage);
  say('building the functions and the template …');
  const assembly = assemble(settings);
  const templates = await withCloudFormation((client) =>
    deployedTemplates(client, settings.deployment.stage),
  );
  const checked = await checkAssembly(assembly, { deployed: templates, acceptsLoss });
  say(`${checked.length} checks found no fault (docs/how-to/deploy-check.md)`);
  const needed = Math.max(oldestToolkit, ...assembly.stacks.map((stack) => stack.toolkitVersion));
  const states = assembly.stacks.map(({ name }) => deployed.find((stack) => stack.name === name) ?? { name });
  say(planText({ place, settings, states, idleDollars: idleDollarsOf(assembly) }));
  await confirm('Deploy?', yes);
  for (const each of regionsOf(assembly, place))
    await prepare({ ...place, region: each }, needed, bootstrap === true);
  await deployAssembly(assembly, settings, place);
};

const deployAssembly = async (assembly: Assembly, settings: Settings, { region }: Account): Promise<void> => {
  const { stage } = settings.deployment;
  // The outputs of another time would be taken for those of this deployment.
  rmSync(outputsFile(stage), { force: true });
  const words = ['--app', assembly.folder, '--require-approval', 'never', '--progress', 'events'];
  const code = await runCdk('deploy', '--all', ...words, '--outputs-file', outputsFile(stage));
  if (code !== 0) throw new CommandFailure(await explainFailure(assembly, stage));
  say(`\nDeployed. The outputs are in ${outputsFile(stage)}. What to do next (docs/how-to/deploy.md):`);
  nextSteps(readOutputs(stage), settings, region).forEach((step, index) => say(`  ${index + 1}. ${step}`));
};
