import { refusedCalls } from '../local/iam/refused-calls.ts';
import { makeDeployment } from '../local/template/deployment.ts';
import { isRunning } from '../local/template/resource-types.ts';
import type { Check, CheckedStack } from './model.ts';
import { widePermissions } from './widths.ts';

/** ARNs are compared, so any address will do for what only the local run listens to. */
const addresses = {
  api: 'https://api.example',
  issuer: 'https://issuer.example',
  sqs: 'https://sqs.example',
};

/** Every service may make the calls that the template tells it to make. */
export const permissionsCheck: Check = {
  name: 'permissions',
  proves:
    'every route, rule, alarm, topic, queue, stream and workflow may call what it calls, and nobody else may',
  find: ({ stacks }) => [
    ...refusals(() => refusedCalls(makeDeployment(stacks.filter(isCalling), addresses))).map((what) => ({
      where: 'the deployment',
      what,
      remedy: 'add the permission, or correct its ARN: AWS would refuse the call at run time',
    })),
    ...widePermissions(stacks),
  ],
};

/** Firewall and distribution stand before the public address of the API, in stacks of their own that run nothing. */
const isCalling = ({ Resources }: CheckedStack): boolean =>
  Object.values(Resources).some(({ Type }) => isRunning(Type));

/** A template that cannot be read is refused as a whole. */
const refusals = (read: () => string[]): string[] => {
  try {
    return read();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
};
