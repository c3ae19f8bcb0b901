import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { readCallers, type Caller } from '../lambda/function-callers.ts';
import { decide, type Decision } from './iam-policies.ts';
import { neededPermissions, type NeededPermission, type ServiceRequest } from './needed-permissions.ts';
import { watchGrants } from './unused-grants.ts';

/** Why the owner of that access key may not make a request, in AWS's words. Throws if it cannot read the request. */
export type Authorize = (accessKeyId: string, request: ServiceRequest) => string | undefined;

type Options = {
  say(line: string): void;
  /** On `stop`, we write the grants that no function needed to this file. */
  reportFile?: string | undefined;
};

/**
 * Allows what the template's policies let its functions do. Credentials that belong to no function belong to the owner
 * of this machine, who may do anything.
 */
export const makeAuthorize = (
  deployment: Deployment,
  { say, reportFile }: Options,
): { authorize: Authorize; stop(): void } => {
  const callers = readCallers(deployment);
  const byKey = new Map(callers.map((caller) => [caller.accessKeyId, caller]));
  const machines = deployment.all('AWS::StepFunctions::StateMachine', z.object({})).map(({ ref }) => ref);
  const watch = reportFile === undefined ? undefined : watchGrants(reportFile, callers);
  return {
    authorize: (accessKeyId, request) => {
      const caller = byKey.get(accessKeyId);
      if (!caller) return undefined;
      const needed = neededPermissions(request, machines);
      watch?.used(caller, needed);
      const message = denialOf(caller, needed);
      if (message !== undefined)
        say(`${caller.title} lacks a grant (infra/constructs/grants.ts): ${message}`);
      return message;
    },
    stop: () => watch?.write(),
  };
};

/** The first missing permission decides: AWS refuses a transaction as a whole. */
const denialOf = (caller: Caller, permissions: readonly NeededPermission[]): string | undefined => {
  for (const needed of permissions) {
    const decision = decideAny(caller, needed);
    if (decision === 'allowed') continue;
    const { action, resources } = needed;
    const why =
      decision === 'explicit deny'
        ? 'with an explicit deny in an identity-based policy'
        : `because no identity-based policy allows the ${action} action`;
    return `User: ${caller.userArn} is not authorized to perform: ${action} on resource: ${resources[0]} ${why}`;
  }
  return undefined;
};

const decideAny = ({ statements }: Caller, { action, resources, context }: NeededPermission): Decision => {
  const decisions = resources.map((resource) =>
    decide(statements, { action, resource, ...(context && { context }) }),
  );
  if (decisions.includes('explicit deny')) return 'explicit deny';
  return decisions.includes('allowed') ? 'allowed' : 'implicit deny';
};
