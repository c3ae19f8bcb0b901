import * as z from 'zod';
import { explainFaults } from '../shared/platform/explain-faults.ts';
import type { Deployment } from './constructs/deployment.ts';

const needsCarrier = 'choose a carrier with --context carrier=<name>, or in cdk.json';

/** The values of `cdk --context name=value` and cdk.json. A carrier must be chosen; the others have a default. */
const contextSchema = z.object({
  stage: z.enum(['dev', 'prod']).default('dev'),
  carrier: z.string().min(1),
  mailFrom: z.email().default('tickets@keyun.example'),
  publicUrl: z.url().optional(),
  operatorEmail: z.email().optional(),
});

/** The names that `readDeployment` asks for. */
export const contextNames = Object.keys(contextSchema.shape);

/** The settings of a deployment, or a line for each value of the context that cannot be used. Absent stays absent. */
export const readDeployment = (
  said: Readonly<Record<string, unknown>>,
): { deployment: Deployment } | { refusals: string[] } => {
  const read = explainFaults(contextSchema, said);
  if ('faults' in read)
    return {
      refusals: read.faults.map(({ path, message }) =>
        path === 'carrier' && !said['carrier'] ? needsCarrier : `--context ${path}: ${message}`,
      ),
    };
  const { publicUrl, operatorEmail, ...rest } = read.data;
  return {
    deployment: { ...rest, ...(publicUrl && { publicUrl }), ...(operatorEmail && { operatorEmail }) },
  };
};
