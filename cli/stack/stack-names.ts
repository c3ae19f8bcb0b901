import { stackParts } from '../../infra/constructs/deployment.ts';

/** What a person may give as `--stack`: the prefix of a deployment's stacks, or the name of one of them. */
export type GivenStack = { prefix: string; names: string[] };

/** CloudFormation's own rule for names. */
const nameRule = /^[A-Za-z][-A-Za-z0-9]{0,117}$/;

/** The stacks of a deployment by `Keyun-prod` or `Keyun-prod-Data`; undefined if no stack can have such a name. */
export const stackNamesOf = (given: string): GivenStack | undefined => {
  const part = stackParts.find((each) => given.endsWith(`-${each}`));
  const prefix = part ? given.slice(0, -part.length - 1) : given;
  if (!nameRule.test(prefix)) return undefined;
  return { prefix, names: stackParts.map((each) => `${prefix}-${each}`) };
};
