import { LocalRunError } from '../infra/local/run/ports.ts';
import { UnusableCarrier } from '../shared/platform/carrier-folder.ts';
import { CommandFailure, connect, type Connection } from './connect.ts';
import { usesStack } from './choose-environment.ts';
import { explainAwsError } from './explain-aws-error.ts';

const connectionRefused = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ECONNRESET'].includes(String((error as { code?: unknown }).code)) ||
  (error instanceof AggregateError && error.errors.some(connectionRefused));

/** The failure in one line that says what to do; undefined for an error that is a fault of this program. */
export const lineOf = (error: unknown): string | undefined => {
  if (error instanceof CommandFailure || error instanceof UnusableCarrier || error instanceof LocalRunError)
    return error.message;
  if (!usesStack() && connectionRefused(error))
    return 'the local run does not answer: start it first (npm start)';
  return explainAwsError(error);
};

/** Prints why a command failed on stderr and sets exit code 1. It throws an unexpected error on, with its stack. */
export const reportFailure = (error: unknown): void => {
  const line = lineOf(error);
  if (line === undefined) throw error;
  for (const each of line.split('\n')) process.stderr.write(`${printable(`keyun: ${each}`)}\n`);
  process.exitCode = 1;
};

/** Runs a command on the tables and closes the connection. A failure is a line on stderr and exit code 1. */
export const withTables = async (work: (connection: Connection) => Promise<void>): Promise<void> => {
  let connection: Connection | undefined;
  try {
    connection = connect();
    await work(connection);
  } catch (error) {
    reportFailure(error);
  } finally {
    connection?.close();
  }
};

/** Removes control characters of a terminal: some of the text comes from outside. */
export const printable = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, '');

export const print = (line: string): void => {
  process.stdout.write(`${printable(line)}\n`);
};

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));
