import { createInterface } from 'node:readline/promises';
import { CommandFailure } from '../connect.ts';

const isTerminal = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Before anything slow: without a terminal nobody could answer the question at the end. */
export const assertSomebodyAnswers = (yes: boolean | undefined): void => {
  if (!yes && !isTerminal())
    throw new CommandFailure('nobody can be asked without a terminal: add --yes to go ahead');
};

/** Asks at the terminal, unless `--yes` has answered. Throws one line if the answer is no. */
export const confirm = async (question: string, yes: boolean | undefined): Promise<void> => {
  if (yes) return;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if (/^\s*y(?:es)?\s*$/i.test(await ask.question(`${question} (yes/no) `))) return;
  } finally {
    ask.close();
  }
  throw new CommandFailure('nothing was changed');
};
