import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

/**
 * The only logger. The environment sets its level (`POWERTOOLS_LOG_LEVEL`). Pass ids and reasons to it, never an event,
 * a body or anything that a passenger typed.
 */
export const logger = new Logger({ serviceName: 'keyun' });

/** Starts the log of one invocation without the keys that an earlier one appended. */
export const beginLog = (context: Context | undefined, keys: Readonly<Record<string, string>> = {}): void => {
  logger.resetKeys();
  if (context?.awsRequestId) logger.addContext(context);
  logger.appendKeys({ ...keys });
};

type Thrown = { name: string; message: string; frames: string[]; code?: string; cause?: Thrown };

/** Text that looks like an e-mail address, a document or phone number, or a name in Chinese characters. */
const personal = /[^\s@"'<>]+@[^\s@"'<>]+|\b\d{6,}[\dXx]?\b|\p{Script=Han}+/gu;

const causesMax = 3;

/**
 * A thrown value in a form that is safe to log: name, stack frames, and a message without anything that could be
 * personal. It omits the message of a `SyntaxError`, because that quotes the text that did not parse.
 */
export const loggable = (thrown: unknown, causesLeft = causesMax): Thrown => {
  if (!(thrown instanceof Error))
    return { name: typeof thrown, message: 'thrown, but not an error', frames: [] };
  const { name, message, stack, cause } = thrown;
  const code: unknown = 'code' in thrown ? thrown.code : undefined;
  return {
    name,
    message: name === 'SyntaxError' ? '…' : String(message).replace(personal, '…'),
    // The first lines of a stack repeat the message, which may have several lines.
    frames: String(stack ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('at ')),
    ...(typeof code === 'string' && { code: code.replace(personal, '…') }),
    ...(cause !== undefined && causesLeft > 0 && { cause: loggable(cause, causesLeft - 1) }),
  };
};
