import { CommandFailure } from '../connect.ts';
import { explainAwsError } from '../explain-aws-error.ts';
import { printable } from '../run-command.ts';

/** A line on stderr, so that stdout has only what a program may read. */
export const say = (line: string): void => void process.stderr.write(`${printable(line)}\n`);

/** Runs what asks AWS alone: a connection that is refused there says nothing about the local run. */
export const explained = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    const line = explainAwsError(error);
    throw line === undefined ? error : new CommandFailure(line);
  }
};
