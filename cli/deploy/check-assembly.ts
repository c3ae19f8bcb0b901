import { checksAgainst, runChecks } from '../../infra/check/checks.ts';
import type { Finding } from '../../infra/check/model.ts';
import { readAssembly } from '../../infra/check/read-assembly.ts';
import { keptOf, type Templates } from '../../infra/check/released.ts';
import { releasedChecks } from '../../infra/check/released-check.ts';
import { linesOf } from '../../infra/check/report.ts';
import { CommandFailure } from '../connect.ts';
import type { Assembly } from './assembly.ts';
import { say } from './say.ts';

export type Against = {
  /** The templates in force: what they hold must survive. Empty where nothing is deployed, so that nothing can be lost. */
  deployed: Templates['stacks'];
  /** Somebody has said that this loss is meant. */
  acceptsLoss: boolean;
};

const aboutLoss = new Set(releasedChecks().map(({ name }) => name));

const meant: Finding['remedy'] = 'take the change back, or add --accept-loss if the loss is meant';

/**
 * Runs the checks of `keyun deploy-check` on what is about to be deployed, and compares it with what is deployed instead of with
 * the recorded release. Returns a line for each check. Throws the faults, a line for each.
 */
export const checkAssembly = async (
  { folder }: Assembly,
  { deployed, acceptsLoss }: Against,
): Promise<string[]> => {
  const subject = await readAssembly(folder);
  const resources = keptOf({ stage: subject.stage, stacks: deployed });
  const results = runChecks(subject, {
    which: checksAgainst(() => ({ version: 'deployed', resources })),
  }).map(({ findings, ...result }) => ({
    ...result,
    findings: aboutLoss.has(result.name) ? findings.map((one) => ({ ...one, remedy: meant })) : findings,
  }));
  const faulty = results.filter(({ findings }) => findings.length > 0);
  const refused = faulty.filter(({ name }) => !acceptsLoss || !aboutLoss.has(name));
  if (refused.length > 0)
    throw new CommandFailure(
      ['the checks found faults, and nothing was deployed:', ...refused.flatMap(linesOf)].join('\n'),
    );
  for (const line of faulty.flatMap(linesOf)) say(line);
  return results.filter((result) => !faulty.includes(result)).flatMap(linesOf);
};
