import { Alias, type Function as LambdaFunction, type IVersion } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from './grants.ts';

/** Folders whose functions all take part in a purchase. */
const folders = ['payment-callbacks/', 'workflow/'];

/**
 * The others. The clean-up is not among them: it runs once a minute, so that a tenth of its calls would prove nothing, and it
 * is the way out where these fail.
 */
const functions: ReadonlySet<FunctionName> = new Set([
  'api/orders/place-order',
  'api/orders/cancel-order',
  'api/payments/create-payment',
  'events/start-purchase',
  'events/apply-payment',
  'events/submit-refund',
]);

const isPurchaseFunction = (entry: FunctionName): boolean =>
  functions.has(entry) || folders.some((folder) => entry.startsWith(folder));

/**
 * The alias by which everything calls a function that takes part in a purchase: it can send a few calls to a new version.
 * Undefined for any other function.
 */
export const aliasOf = (lambda: LambdaFunction, entry: FunctionName): Alias | undefined =>
  isPurchaseFunction(entry)
    ? // Only to the compiler is a Version no IVersion: its optional properties may be `undefined` by name.
      new Alias(lambda, 'Live', { aliasName: 'live', version: lambda.currentVersion as IVersion })
    : undefined;
