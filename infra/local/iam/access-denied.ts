import { randomUUID } from 'node:crypto';

export type Answer = { status: number; headers: Record<string, string>; body: string };

/** How each service reports a missing permission, so that the SDK throws the same error as on AWS. */
export const accessDenied = (service: string, message: string): Answer => {
  const requestId = randomUUID();
  switch (service) {
    case 'sns':
      return {
        status: 403,
        headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
        body:
          '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>' +
          `<Code>AuthorizationError</Code><Message>${escaped(message)}</Message></Error>` +
          `<RequestId>${requestId}</RequestId></ErrorResponse>`,
      };
    case 'ses':
      return json(403, { 'x-amzn-errortype': 'AccessDeniedException' }, { message });
    case 'dynamodb':
      return json(400, {}, { __type: 'com.amazon.coral.service#AccessDeniedException', Message: message });
    default:
      return json(400, {}, { __type: 'AccessDeniedException', Message: message });
  }
};

/** For a request that this proxy cannot read: the SDK throws an error of that name. */
export const unreadable = (name: string, message: string): Answer =>
  json(400, { 'x-amzn-errortype': name }, { __type: name, message });

const json = (status: number, headers: Record<string, string>, body: object): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID(), ...headers },
  body: JSON.stringify(body),
});

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replaceAll(/[&<>]/g, (character) => entities[character] ?? '');
