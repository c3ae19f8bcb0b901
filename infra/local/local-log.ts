import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionError } from './lambda-messages.ts';

export type LocalLog = {
  /** Output of functions, into `logs/functions.log` as it comes. */
  functions(text: string): void;
  /** A line for the person who watches. */
  say(line: string): void;
  /** A failed invocation, in short. The whole is in the file. */
  failed(title: string, error: FunctionError): void;
  close(): Promise<void>;
};

/** Writes the log below `folder`; lines for people go to standard error too unless it is quiet. */
export const openLog = (folder: string, quiet: boolean): LocalLog => {
  mkdirSync(folder, { recursive: true });
  const file = createWriteStream(join(folder, 'functions.log'), { flags: 'a' });
  const say = (line: string) => {
    file.write(`${line}\n`);
    if (!quiet) process.stderr.write(`${line}\n`);
  };
  return {
    functions: (text) => void file.write(text),
    say,
    failed: (title, { errorType, errorMessage, trace }) => {
      if (trace) file.write(`${trace.join('\n')}\n`);
      say(`${title} failed: ${errorType}: ${errorMessage.split('\n')[0]?.slice(0, 300) ?? ''}`);
    },
    close: () => new Promise((resolve) => void file.end(() => resolve())),
  };
};
