import { UnusableCarrier } from '../shared/platform/carrier-folder.ts';
import { CommandFailure, connect, type Connection } from './connect.ts';

const connectionRefused = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ECONNRESET'].includes(String((error as { code?: unknown }).code)) ||
  (error instanceof AggregateError && error.errors.some(connectionRefused));

/**
 * Runs a command on the tables and closes the connection. If the command fails, it prints one line on stderr and sets exit code
 * 1. It throws an unexpected error on, with its stack.
 */
export const withTables = async (work: (connection: Connection) => Promise<void>): Promise<void> => {
  let connection: Connection | undefined;
  try {
    connection = connect();
    await work(connection);
  } catch (error) {
    if (connectionRefused(error)) {
      process.stderr.write('keyun: the local run does not answer: start it first (npm start)\n');
    } else if (error instanceof CommandFailure || error instanceof UnusableCarrier) {
      process.stderr.write(`keyun: ${error.message}\n`);
    } else {
      throw error;
    }
    process.exitCode = 1;
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
