import { App } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { routes } from '../functions/routes.ts';
import { soundCarrier } from '../shared/carriers/read-carrier.ts';
import { UnusableCarrier } from '../shared/platform/carrier-folder.ts';
import { bundleFunctions } from './bundle.ts';
import { checkEverything } from './constructs/check-everything.ts';
import { stackName, type Deployment } from './constructs/deployment.ts';
import { codeOfFunctions } from './constructs/match-functions.ts';
import { ApiStack } from './stacks/api.ts';
import { DataStack } from './stacks/data.ts';
import { OperatorsStack } from './stacks/operators.ts';
import { SellingStack } from './stacks/selling.ts';

/** The values of `cdk --context name=value` and cdk.json. cdk.json names a carrier; the others have a default. */
const contextSchema = z.object({
  stage: z.enum(['dev', 'prod']).default('dev'),
  carrier: z.string({ error: 'choose a carrier with --context carrier=<name>' }),
  mailFrom: z.email().default('tickets@keyun.example'),
  publicUrl: z.url().optional(),
  operatorEmail: z.email().optional(),
});

/** The CDK's command line passes cdk.json on; without it, this file reads it. */
const { context: settings } = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '..', 'cdk.json'), 'utf8')));

/** Keeps an absent value absent. */
const readDeployment = (app: App): Deployment => {
  const said = Object.keys(contextSchema.shape).flatMap((name) => {
    const value: unknown = app.node.tryGetContext(name) ?? settings[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const { publicUrl, operatorEmail, ...rest } = contextSchema.parse(Object.fromEntries(said));
  return { ...rest, ...(publicUrl && { publicUrl }), ...(operatorEmail && { operatorEmail }) };
};

const app = new App({
  analyticsReporting: false,
  outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out',
  context: {
    ...flags,
    // Nobody can delete a table while functions use it.
    '@aws-cdk/core:defaultCrossStackReferences': 'strong',
    // The local run finds a function's code and name by these, even without the CDK's command line.
    'aws:cdk:enable-asset-metadata': true,
    'aws:cdk:enable-path-metadata': true,
  },
});

/** This exit code tells the local run that the person must choose or correct a carrier. */
const carrierRefusedCode = 2;

/** The carrier of this name. If it cannot be deployed, prints one line for each reason and ends the process. */
const carrierToDeploy = (name: string) => {
  try {
    return soundCarrier(name).carrier;
  } catch (error) {
    if (!(error instanceof UnusableCarrier)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(carrierRefusedCode);
  }
};

const deployment = readDeployment(app);
const carrier = carrierToDeploy(deployment.carrier);
// Inside the assembly, so that two syntheses at once do not collide.
const bundles = await bundleFunctions(resolve(app.outdir, 'functions'), carrier);

checkEverything(app);

const data = new DataStack(app, stackName(deployment, 'Data'), {
  description: 'Keyun: tables, secrets and users',
});
const operators = new OperatorsStack(app, stackName(deployment, 'Operators'), {
  description: 'Keyun: alarms and dashboard for operators',
  deployment,
  data,
});
const { alarms } = operators;
const codes = codeOfFunctions(bundles);
const selling = new SellingStack(app, stackName(deployment, 'Selling'), {
  description: 'Keyun: from a held seat to its ticket or its release',
  deployment,
  data,
  alarms,
  codes,
});
const api = new ApiStack(app, stackName(deployment, 'Api'), {
  description: 'Keyun: the HTTP API',
  deployment,
  data,
  alarms,
  purchaseArn: selling.purchaseArn,
  routes: Object.values(routes),
  codes,
});
operators.show({ deployment, api, selling });

app.synth();
