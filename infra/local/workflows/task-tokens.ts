import { randomBytes } from 'node:crypto';
import { AwsError } from '../http/aws-operation.ts';
import type { Invocation } from '../lambda/lambda.ts';

/** The tokens with which others answer a waiting Task. They end with their Task and with a restart. */
export type TaskTokens = {
  /** A new token, for which nobody waits yet. */
  make(): string;
  isOpen(token: string): boolean;
  /** Resolves with the answer to the Task; call `forget` when it no longer waits. */
  answerOf(token: string): { answer: Promise<Invocation>; forget(): void };
  /** Throws as AWS does if the Task has ended or never existed. */
  settle(token: unknown, answer: Invocation): void;
  /** Ends every wait, so that none of their timers survives a stop. */
  abandon(): void;
};

export const makeTaskTokens = (): TaskTokens => {
  const open = new Map<string, { settle: (answer: Invocation) => void; answer: Promise<Invocation> }>();
  return {
    make: () => {
      const token = randomBytes(48).toString('base64url');
      const { promise: answer, resolve: settle } = Promise.withResolvers<Invocation>();
      open.set(token, { settle, answer });
      return token;
    },
    isOpen: (token) => open.has(token),
    answerOf: (token) => {
      const task = open.get(token);
      if (!task) throw new Error('no such task token');
      return { answer: task.answer, forget: () => void open.delete(token) };
    },
    settle: (token, answer) => {
      if (typeof token !== 'string' || token.length < 16)
        throw new AwsError('InvalidToken', 'Invalid Token: the token is not one of a task');
      const task = open.get(token);
      if (!task) throw new AwsError('TaskTimedOut', 'Task Timed Out: the task does not wait any more');
      open.delete(token);
      task.settle(answer);
    },
    abandon: () => {
      for (const { settle } of open.values()) settle(abandoned);
      open.clear();
    },
  };
};

const abandoned: Invocation = {
  outcome: 'failed',
  error: { errorType: 'Local.Stopped', errorMessage: 'the local run is stopping' },
};
