import { createInterface } from 'node:readline/promises';
import type { Doubt } from '../shared/feeds/find-doubts.ts';
import { printable } from './run-command.ts';

/**
 * Whether the operator wants a timetable that looks like a mistake: `--yes` says so, and a person at a terminal is
 * asked. Without either, the answer is no.
 */
export const confirmDoubts = async (doubts: readonly Doubt[], yes: boolean): Promise<boolean> => {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  for (const { reason } of doubts) process.stderr.write(`${printable(`Look out: ${reason}`)}\n`);
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^\s*y(?:es)?\s*$/i.test(await ask.question('Put it in force all the same? (yes/no) '));
  } finally {
    ask.close();
  }
};
