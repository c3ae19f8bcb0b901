import { join } from 'node:path';
import type { FunctionError } from '../lambda/lambda-messages.ts';
import { openRotating } from './rotating-file.ts';

export type LocalLog = {
  /** Output of functions, into `logs/functions.log` as it comes. */
  functions(text: string): void;
  /** A line for the person who watches. */
  say(line: string): void;
  /** A failed invocation, in short. The whole is in the file. */
  failed(title: string, error: FunctionError): void;
};

/** Of the file that is written; one more of this size is kept. */
const logBytesMax = 16 * 1024 * 1024;

/** Writes the log below `folder`; lines for people go to standard error too unless it is quiet. */
export const openLog = (folder: string, quiet: boolean): LocalLog => {
  const write = openRotating(join(folder, 'functions.log'), logBytesMax);
  const say = (line: string) => {
    write(`${line}\n`);
    if (!quiet) process.stderr.write(`${line}\n`);
  };
  return {
    functions: write,
    say,
    failed: (title, { errorType, errorMessage, trace }) => {
      if (trace) write(`${trace.join('\n')}\n`);
      say(`${title} failed: ${errorType}: ${errorMessage.split('\n')[0]?.slice(0, 300) ?? ''}`);
    },
  };
};
