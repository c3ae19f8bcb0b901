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
import { stackName } from './constructs/deployment.ts';
import { codeOfFunctions } from './constructs/match-functions.ts';
import { contextNames, readDeployment } from './read-deployment.ts';
import { ApiStack } from './stacks/api.ts';
import { DataStack } from './stacks/data.ts';
import { FirewallStack } from './stacks/firewall.ts';
import { FrontStack } from './stacks/front.ts';
import { OperatorsStack } from './stacks/operators.ts';
import { SellingStack } from './stacks/selling.ts';

/** The CDK's command line passes cdk.json on; without it, this file reads it. */
const { context: settings } = z
  .object({ context: z.record(z.string(), z.unknown()).default({}) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '..', 'cdk.json'), 'utf8')));

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

/** This exit code tells the local run that the person must choose or correct something; the output says what. */
const refusedCode = 2;

const refuse = (reasons: string): never => {
  process.stderr.write(`${reasons}\n`);
  process.exit(refusedCode);
};

/** What the context says. If it cannot be deployed, prints one line for each reason and ends the process. */
const deploymentOf = ({ node }: App) => {
  const values = contextNames.map((name) => [name, node.tryGetContext(name) ?? settings[name]] as const);
  const read = readDeployment(Object.fromEntries(values));
  return 'refusals' in read ? refuse(read.refusals.join('\n')) : read.deployment;
};

/** The carrier of this name, refused in the same way. */
const carrierToDeploy = (name: string) => {
  try {
    return soundCarrier(name).carrier;
  } catch (error) {
    if (!(error instanceof UnusableCarrier)) throw error;
    return refuse(error.message);
  }
};

const deployment = deploymentOf(app);
const carrier = carrierToDeploy(deployment.carrier);
// Inside the assembly, so that two syntheses at once do not collide.
const bundles = await bundleFunctions(resolve(app.outdir, 'functions'), carrier);

checkEverything(app);

const data = new DataStack(app, stackName(deployment, 'Data'), {
  description: 'Keyun: tables, secrets, users and the sender of mails',
  deployment,
  senderName: carrier.name[carrier.defaultLocale] ?? deployment.carrier,
});
const codes = codeOfFunctions(bundles);
const selling = new SellingStack(app, stackName(deployment, 'Selling'), {
  description: 'Keyun: from a held seat to its ticket or its release',
  deployment,
  data,
  codes,
});
const api = new ApiStack(app, stackName(deployment, 'Api'), {
  description: 'Keyun: the HTTP API',
  deployment,
  data,
  purchaseArn: selling.purchaseArn,
  routes: Object.values(routes),
  codes,
});
new OperatorsStack(app, stackName(deployment, 'Operators'), {
  description: 'Keyun: alarms and dashboard for operators',
  watched: { deployment, data, api, selling },
});
const { front, hasFirewall, allowedOrigins = [] } = deployment;
if (hasFirewall)
  new FirewallStack(app, stackName(deployment, 'Firewall'), {
    description: 'Keyun: the firewall in front',
    routes: Object.values(routes),
  });
if (front && api.frontKey) {
  new FrontStack(app, stackName(deployment, 'Front'), {
    description: 'Keyun: the distribution in front of pages and API',
    front,
    apiHost: api.api.host,
    frontKey: api.frontKey,
    allowedOrigins,
    routes: Object.values(routes),
  });
}

app.synth();
