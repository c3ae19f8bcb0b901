import { assertFree, freePort, LocalRunError } from './ports.ts';

/** Everything that listens, with its default port and the variable that sets another port. */
const listeners = {
  api: { port: 3000, variable: 'KEYUN_API_PORT', what: 'the API' },
  signIn: { port: 3001, variable: 'KEYUN_SIGN_IN_PORT', what: 'the sign-in page' },
  inbox: { port: 3002, variable: 'KEYUN_INBOX_PORT', what: 'the mail inbox' },
  cashier: { port: 3003, variable: 'KEYUN_CASHIER_PORT', what: 'the cashier' },
  dynamodb: { port: 3004, variable: 'KEYUN_DYNAMODB_PORT', what: 'DynamoDB' },
  queues: { port: 3005, variable: 'KEYUN_QUEUES_PORT', what: 'SQS and SNS' },
  aws: { port: 3006, variable: 'KEYUN_AWS_PORT', what: 'Step Functions and Secrets Manager' },
} as const;

export type Listener = keyof typeof listeners;
export type LocalPorts = Record<Listener, number>;

const names = Object.keys(listeners) as Listener[];

/**
 * The ports of this run: `free` ones, or those of the environment and the defaults. Throws a one-line error for a port
 * in use.
 */
export const choosePorts = async (wish: 'free' | 'fixed'): Promise<LocalPorts> => {
  const chosen: Partial<LocalPorts> = {};
  for (const name of names) {
    const { port, variable, what } = listeners[name];
    const given = process.env[variable];
    const value = wish === 'free' ? await freePort() : given === undefined ? port : Number(given);
    if (!Number.isInteger(value) || value < 1 || value > 65_535)
      throw new LocalRunError(`${variable}=${given} is not a port`);
    const isElsewhere = name === 'dynamodb' && process.env['DYNAMODB_ENDPOINT'] !== undefined;
    if (wish === 'fixed' && !isElsewhere) await assertFree(value, what, variable);
    chosen[name] = value;
  }
  return chosen as LocalPorts;
};

/** Everything listens only on the loopback. */
export const urlOf = (port: number): string => `http://127.0.0.1:${port}`;
