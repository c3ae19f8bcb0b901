import { join } from 'node:path';
import type { FunctionError } from '../lambda/lambda-messages.ts';
import { openRotating } from './rotating-file.ts';

export type LocalLog = {
  /** Writes the output of functions into `logs/functions.log`, unchanged. */
  functions(text: string): void;
  /** Writes a line for the person who watches. */
  say(line: string): void;
  /** Writes a failed invocation as a short line. The file has the whole error. */
  failed(title: string, error: FunctionError): void;
};

/** The maximum size of the current file; there is one older file of the same size. */
const logBytesMax = 16 * 1024 * 1024;

/** Writes the log below `folder`; lines for people also go to standard error unless it is quiet. */
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
