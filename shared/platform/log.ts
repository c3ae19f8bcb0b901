import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

/**
 * The one logger. Its level comes from the environment (`POWERTOOLS_LOG_LEVEL`). It is given ids and reasons, never
 * an event, a body or anything a passenger typed.
 */
export const logger = new Logger({ serviceName: 'keyun' });

/** Starts the lines of one invocation: what an earlier one appended is gone. */
export const beginLog = (context: Context | undefined, keys: Readonly<Record<string, string>> = {}): void => {
  logger.resetKeys();
  if (context?.awsRequestId) logger.addContext(context);
  logger.appendKeys({ ...keys });
};

type Thrown = { name: string; message: string; frames: string[]; code?: string; cause?: Thrown };

/** What looks like a mail address, a document's or a phone's number, or a name in Han letters. */
const personal = /[^\s@"'<>]+@[^\s@"'<>]+|\b\d{6,}[\dXx]?\b|\p{Script=Han}+/gu;

const causesMax = 3;

/**
 * A thrown value in a form that may be logged: name, stack frames, and a message without what could be personal. A
 * `SyntaxError` quotes the text it could not parse, so its message is left out altogether.
 */
export const loggable = (thrown: unknown, causesLeft = causesMax): Thrown => {
  if (!(thrown instanceof Error))
    return { name: typeof thrown, message: 'thrown, but not an error', frames: [] };
  const { name, message, stack, cause } = thrown;
  const code: unknown = 'code' in thrown ? thrown.code : undefined;
  return {
    name,
    message: name === 'SyntaxError' ? '…' : String(message).replace(personal, '…'),
    // The first lines of a stack repeat the message, which may have lines of its own.
    frames: String(stack ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('at ')),
    ...(typeof code === 'string' && { code: code.replace(personal, '…') }),
    ...(cause !== undefined && causesLeft > 0 && { cause: loggable(cause, causesLeft - 1) }),
  };
};
