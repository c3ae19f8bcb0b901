import * as z from 'zod';
import { explainFaults } from '../shared/platform/explain-faults.ts';
import { restoredTablesSchema } from './constructs/restored-tables.ts';
import { allowedOriginsSchema } from './allowed-origins.ts';
import { mailIdentities, type Deployment } from './constructs/deployment.ts';
import { frontContext, readFront } from './read-front.ts';
import { readSignIn, signInContext } from './read-sign-in.ts';

/** How a person types a value of the context: its name, or its name with an example. */
export type Typed = (name: string, example?: string) => string;

const asContext: Typed = (name, example) =>
  example === undefined ? `--context ${name}` : `--context ${name}=${example}`;

const needsCarrier = (typed: Typed): string =>
  `choose a carrier with ${typed('carrier', '<name>')}${typed === asContext ? ', or in cdk.json' : ''}`;

/** What passengers and operators of a real deployment must not miss: nobody can guess these addresses. */
const neededForProd: Readonly<Record<string, (typed: Typed) => string>> = {
  mailFrom: (typed) =>
    `choose the sender of mails to passengers with ${typed('mailFrom', 'tickets@<your domain>')}: stage prod has no default`,
  operatorEmail: (typed) =>
    `choose who gets mails about problems with ${typed('operatorEmail', '<address>')}: stage prod has no default`,
};

/** The command line passes texts, and cdk.json may hold either. */
const yesOrNo = z
  .preprocess((value) => String(value ?? false), z.enum(['true', 'false']))
  .transform((value) => value === 'true');

/** The values of `cdk --context name=value` and cdk.json. A carrier must be chosen; the others have a default. */
const settingsSchema = z.object({
  stage: z.enum(['dev', 'prod']).default('dev'),
  carrier: z.string().min(1),
  // Nobody can own this domain: a stage that is to send mail needs an address of its own.
  mailFrom: z.email().default('tickets@keyun.example'),
  mailIdentity: z.enum(mailIdentities).default('domain'),
  mailVerified: yesOrNo,
  // The quotas of a new account in the smallest region.
  concurrency: z.coerce.number().int().min(10).default(10),
  gatewayRate: z.coerce.number().int().min(100).default(2500),
  publicUrl: z.url().optional(),
  operatorEmail: z.email().optional(),
  allowedOrigins: allowedOriginsSchema,
  docsUrl: z.url().optional(),
  restored: restoredTablesSchema,
  detailedMetrics: yesOrNo,
  release: z.enum(['gradual', 'at-once']).optional(),
});
const contextSchema = settingsSchema.extend(signInContext.shape).extend(frontContext.shape);

/** The names that `readDeployment` asks for. */
export const contextNames = Object.keys(contextSchema.shape);

/** The settings of a deployment, or a line for each value of the context that cannot be used. Absent stays absent. */
export const readDeployment = (
  said: Readonly<Record<string, unknown>>,
  typed: Typed = asContext,
): { deployment: Deployment } | { refusals: string[] } => {
  const read = explainFaults(contextSchema, said);
  if ('faults' in read)
    return {
      refusals: read.faults.map(({ path, message }) =>
        path === 'carrier' && !said['carrier'] ? needsCarrier(typed) : `${typed(path)}: ${message}`,
      ),
    };
  if (read.data.stage === 'prod') {
    const missing = Object.entries(neededForProd).filter(([name]) => said[name] === undefined);
    if (missing.length > 0) return { refusals: missing.map(([, line]) => line(typed)) };
  }
  const signedIn = readSignIn(read.data, typed);
  if ('refusals' in signedIn) return signedIn;
  const fronted = readFront(read.data, typed);
  if ('refusals' in fronted) return fronted;
  const { front, hasFirewall } = fronted;
  const {
    publicUrl = front && `https://${front.domain}`,
    operatorEmail,
    allowedOrigins,
    docsUrl,
    restored,
    release,
    ...rest
  } = settingsSchema.parse(said);
  return {
    deployment: {
      ...rest,
      // Nobody waits five minutes for a change of a stage on which nobody buys.
      release: release ?? (rest.stage === 'prod' ? 'gradual' : 'at-once'),
      ...(publicUrl && { publicUrl }),
      ...(operatorEmail && { operatorEmail }),
      ...(allowedOrigins?.length && { allowedOrigins }),
      ...(front && { front }),
      hasFirewall,
      ...signedIn,
      ...(docsUrl && { docsUrl }),
      ...(restored && { restored }),
    },
  };
};
