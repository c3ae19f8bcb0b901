import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { readPolicies, type Statement } from '../iam/iam-policies.ts';
import { accountId } from '../template/identities.ts';

/** A function as the services that it calls see it: by the access key of its credentials. */
export type Caller = {
  accessKeyId: string;
  /** Its name for people. */
  title: string;
  /** The name that AWS puts into a refusal. */
  userArn: string;
  statements: readonly Statement[];
};

/** The template's functions with the permissions of their roles. */
export const readCallers = (deployment: Deployment): Caller[] => {
  const statementsOf = readPolicies(deployment);
  return deployment
    .all('AWS::Lambda::Function', z.object({ Role: z.string(), Description: z.string().optional() }))
    .map(({ logicalId, ref: name, properties: { Role, Description } }) => ({
      accessKeyId: logicalId,
      title: Description ?? name,
      userArn: `arn:aws:sts::${accountId}:assumed-role/${Role.split('/').at(-1)}/${name}`,
      statements: statementsOf(Role),
    }));
};
