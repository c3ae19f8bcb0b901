import { variableOf } from '../../infra/output-names.ts';
import type { GivenStack } from './stack-names.ts';

/** A stack as CloudFormation describes it. `outputs` without those that CDK exports for other stacks. */
export type SeenStack = { name: string; status: string; outputs: Readonly<Record<string, string>> };

/** A stack that is being made for the first time, or that failed at that, has no outputs yet, or outputs of no use. */
const unusable: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:CREATE|REVIEW|IMPORT)_IN_PROGRESS$/,
    'is not finished: wait until the deployment is done, and try again',
  ],
  [/^DELETE_/, 'is being deleted, or its deletion failed'],
  [
    /^(?:CREATE_FAILED|ROLLBACK_|IMPORT_ROLLBACK_)/,
    'was never made, because its creation failed: delete it in CloudFormation, then deploy again',
  ],
];

const whyUnusable = ({ name, status }: SeenStack): string | undefined => {
  const found = unusable.find(([pattern]) => pattern.test(status));
  return found && `the stack ${name} ${found[1]} (${status})`;
};

/** A command can do nothing without it. */
const first = { variable: 'TIMETABLE_TABLE', output: 'TimetableTable' };

/**
 * The environment of a command from the stacks of a deployment: each output is the variable that functions read. Or a line
 * that says why they cannot be used. `seen` lacks the stacks that do not exist in the region.
 */
export const decideEnvironment = (
  { prefix, names }: GivenStack,
  seen: readonly SeenStack[],
  region: string,
): { environment: Record<string, string> } | { refusal: string } => {
  const missing = names.filter((name) => !seen.some((stack) => stack.name === name));
  if (missing.length === names.length)
    return {
      refusal:
        `there is no deployment ${prefix} in ${region}: check the name (as in Keyun-prod), ` +
        'and that AWS_REGION and the credentials are those of the deployment',
    };
  const refusal = seen.map(whyUnusable).find((why) => why !== undefined);
  if (refusal !== undefined) return { refusal };
  const [absent] = missing;
  if (absent !== undefined)
    return {
      refusal: `the stack ${absent} is missing in ${region}: the deployment is not complete, deploy again`,
    };
  const outputs = seen.flatMap((stack) => Object.entries(stack.outputs));
  const environment = Object.fromEntries(outputs.map(([name, value]) => [variableOf(name), value]));
  if (environment[first.variable] === undefined)
    return { refusal: `the stacks of ${prefix} have no output ${first.output}: they are not Keyun's` };
  return { environment };
};
