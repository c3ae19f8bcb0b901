/**
 * The child process of import-bundles.ts, in JavaScript so that it starts at once. It imports one bundle after the other, each
 * with the variables of its function alone, and nothing may open a connection while it loads.
 */
import { Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

Socket.prototype.connect = () => {
  throw new Error('opens a connection while it is loaded');
};

/** What Lambda itself sets for every function. */
const ofLambda = { AWS_REGION: 'us-east-1', AWS_LAMBDA_FUNCTION_NAME: 'check' };

const importBundle = async ({ folder, handler, environment }) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, ofLambda, environment);
  const [file, name] = handler.split('.');
  try {
    const { [name]: value } = await import(pathToFileURL(join(folder, `${file}.mjs`)).href);
    return { node: process.version, handler: { kind: typeof value, parameters: value?.length ?? 0 } };
  } catch (error) {
    return { node: process.version, failure: String(error?.message ?? error).split('\n')[0] };
  }
};

/** Resolves when the parent has the answer: the next bundle may end this process. */
const tell = (answer) => new Promise((resolve) => process.send(answer, undefined, undefined, resolve));

process.once('message', async (bundles) => {
  for (const bundle of bundles) await tell(await importBundle(bundle));
  process.exit(0);
});
