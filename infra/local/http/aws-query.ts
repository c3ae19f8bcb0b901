import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, type Operation } from './aws-operation.ts';

/** The query protocol sends a form and gets XML; CloudFormation speaks it. */
export const isQuery = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;

/** Answers a request of the query protocol by the operation of its `Action`, which gets the fields of the form. */
export const answerQuery = async (
  request: IncomingMessage,
  response: ServerResponse,
  operations: Readonly<Record<string, Operation>>,
): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { Action = '', ...input } = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
  const requestId = randomUUID();
  const reply = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': requestId });
    response.end(xmlOf(body));
  };
  try {
    const operation = operations[Action];
    if (!operation) throw new AwsError('InvalidAction', `the local run does not support ${Action}`);
    const result = (await operation(input)) ?? {};
    reply(200, {
      [`${Action}Response`]: { [`${Action}Result`]: result, ResponseMetadata: { RequestId: requestId } },
    });
  } catch (error) {
    const known = error instanceof AwsError;
    const message = error instanceof Error ? error.message : String(error);
    const [Type, Code] = known ? ['Sender', error.name] : ['Receiver', 'InternalFailure'];
    reply(known ? 400 : 500, {
      ErrorResponse: { Error: { Type, Code, Message: message }, RequestId: requestId },
    });
  }
};

/** A list becomes one `member` for each value, and `undefined` nothing. */
const xmlOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.map((each) => `<member>${xmlOf(each)}</member>`).join('');
  if (typeof value !== 'object' || value === null) return escape(String(value));
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([name, each]) => `<${name}>${xmlOf(each)}</${name}>`)
    .join('');
};

const escape = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
