import type { Command } from 'commander';
import { soundCarrier } from '../../shared/carriers/read-carrier.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { environment, required } from '../../shared/platform/config.ts';
import { CommandFailure, type Connection } from '../connect.ts';
import { print, printable, printJson, withTables } from '../run-command.ts';
import { runSmoke, type Smoke } from '../smoke/run-smoke.ts';
import { tellSteps } from '../smoke/steps.ts';
import { openUserPool, type UserPool } from '../staff/user-pool.ts';

type Flags = { quick?: boolean; token?: string; json?: boolean };

export const register = (program: Command): void => {
  program
    .command('smoke')
    .description('try everything that a buyer needs, on seats of its own, and clean up')
    .option('--quick', 'leave out the hold that ends by itself, which takes some six minutes')
    .option('--token <accessToken>', 'buy as this user, where another issuer than Cognito signs users in')
    .option('--json', 'print the steps as JSON')
    .action((flags: Flags) => withTables((connection) => smoke(connection, flags)));
};

/**
 * Ctrl-C ends the test at once, and the clean-up follows: one Ctrl-C may send several signals, so that none of them may end
 * the process. The clean-up has limits of its own.
 */
const listenForStop = (): AbortSignal => {
  const stop = new AbortController();
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
    process.on(event, () => stop.abort());
  process.channel?.unref();
  return stop.signal;
};

const smoke = async (
  { tables }: Connection,
  { quick = false, token, json = false }: Flags,
): Promise<void> => {
  const signal = listenForStop();
  const say = (line: string): void => {
    if (!json) print(line);
  };
  const steps = tellSteps(say);
  const users = token === undefined ? openUserPool() : undefined;
  const started = performance.now();
  try {
    const isGood = await runSmoke({
      tables,
      sound: soundCarrier(required('KEYUN_CARRIER')),
      clock: systemClock(),
      timeScale: environment().KEYUN_TIME_SCALE,
      address: required('PUBLIC_URL').replace(/\/$/, ''),
      signIn: signInOf(users, token),
      quick,
      isAttended: process.stdin.isTTY && process.stderr.isTTY,
      tell: (line) => process.stderr.write(`${printable(line)}\n`),
      steps,
      signal,
    });
    const seconds = (performance.now() - started) / 1000;
    if (json) printJson({ succeeded: isGood, seconds, steps: steps.seen });
    if (isGood) return say(`The smoke test succeeded in ${seconds.toFixed(0)} s`);
    const failed = steps.seen.filter(({ outcome }) => outcome === 'failed').map(({ step }) => step);
    throw new CommandFailure(`the smoke test failed: ${failed.join(', ')}`);
  } finally {
    users?.close();
  }
};

const signInOf = (users: UserPool | undefined, token: string | undefined): Smoke['signIn'] => {
  if (token !== undefined) return { token };
  const { USER_POOL_CLIENT_ID: ClientId } = process.env;
  if (users && ClientId) return { users, ClientId };
  throw new CommandFailure('this deployment has no client of a user pool: pass an access token with --token');
};
