import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Gate } from './gate.ts';
import type { Actor } from './scheduler.ts';

type Input = {
  TableName?: string;
  IndexName?: string;
  Key?: Record<string, unknown>;
  Item?: Record<string, unknown>;
  ExpressionAttributeValues?: Record<string, unknown>;
  TransactItems?: TransactWriteCommandInput['TransactItems'];
};

type Command = { input: Input; constructor: new (input: Input) => Command } & {
  constructor: { name: string };
};

const writing = new Set([
  'PutCommand',
  'UpdateCommand',
  'DeleteCommand',
  'TransactWriteCommand',
  'BatchWriteCommand',
]);

const keyIn = ({ Key, Item, ExpressionAttributeValues }: Input): string => {
  const { pk, sk } = (Key ?? Item ?? {}) as { pk?: string; sk?: string };
  const key = [pk, sk].filter((part) => part !== undefined).join(' ');
  const asked = Object.values(ExpressionAttributeValues ?? {}).find((value) => typeof value === 'string');
  return key === '' ? String(asked ?? '') : key;
};

const told = (name: string, input: Input): string => {
  const items = (input.TransactItems ?? []).map((item) => {
    const [[kind, part] = ['', {}]] = Object.entries(item);
    return `${kind} ${keyIn(part as Input)}`;
  });
  const what = items.length > 0 ? `[${items.join(', ')}]` : keyIn(input);
  return `${name.replace('Command', '')} ${input.IndexName ?? ''}${input.IndexName ? ' ' : ''}${what}`;
};

/**
 * The document client of one actor: every command goes through the gate to the real one. Each actor has its own, as
 * each process has, so that what a store remembers per client dies with it.
 */
export const gatedClient = (
  gate: Gate,
  actor: Actor,
  real: Pick<DynamoDBDocumentClient, 'send'>,
): DynamoDBDocumentClient => {
  const send = (command: Command): Promise<unknown> => {
    const { name } = command.constructor;
    return gate.call(actor, {
      what: told(name, command.input),
      target: {
        service: 'dynamodb',
        writes: writing.has(name),
        transactItems: command.input.TransactItems?.length ?? 0,
      },
      // A command can be sent once; what is sent again is a copy of it.
      effect: () => real.send(new command.constructor(command.input) as never),
    });
  };
  return { send } as unknown as DynamoDBDocumentClient;
};

/** A client that asks each question once until something is written: for a table that is hardly ever written to. */
export const rememberingClient = (real: DynamoDBDocumentClient): DynamoDBDocumentClient => {
  const answers = new Map<string, Promise<unknown>>();
  const send = (command: Command): Promise<unknown> => {
    const question = `${command.constructor.name} ${JSON.stringify(command.input)}`;
    if (writing.has(command.constructor.name)) {
      answers.clear();
      return real.send(command as never) as Promise<unknown>;
    }
    const answer = answers.get(question) ?? real.send(command as never);
    answers.set(question, answer as Promise<unknown>);
    return answer as Promise<unknown>;
  };
  return { send } as unknown as DynamoDBDocumentClient;
};
