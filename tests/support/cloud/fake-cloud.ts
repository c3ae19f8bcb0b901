import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerCloudFormation, emptyAccount, type CloudAccount } from './fake-cloudformation.ts';
import { fault, xml, type Answer } from './wire.ts';

/** What the fake cloud says about credentials; by the access key, as AWS does. */
const refusals: Readonly<Record<string, string>> = {
  EXPIRED: 'ExpiredToken',
  UNKNOWN: 'InvalidClientTokenId',
  FORGED: 'SignatureDoesNotMatch',
  POWERLESS: 'AccessDenied',
};

export type FakeCloud = {
  endpoint: string;
  account: CloudAccount;
  requests: string[];
  stop: () => Promise<void>;
};

const answerSts = (form: URLSearchParams): Answer =>
  form.get('Action') === 'GetCallerIdentity'
    ? xml(
        'GetCallerIdentity',
        '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/clerk</Arn><UserId>A</UserId>',
      )
    : fault('AccessDenied', 'nobody may take another role here');

/** A bucket of files: the CDK asks what is there before it uploads. */
const answerS3 = (
  { method = '', url = '' }: IncomingMessage,
  body: string,
  { files }: CloudAccount,
): Answer => {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  if (method === 'PUT') files.set(pathname, body);
  if (method === 'PUT' || method === 'HEAD') return { status: files.has(pathname) ? 200 : 404, body: '' };
  if (searchParams.has('location'))
    return { status: 200, body: '<LocationConstraint>eu-central-1</LocationConstraint>' };
  const found = [...files.keys()].filter((path) => path.endsWith(`/${searchParams.get('prefix')}`));
  const listed = found.map((path) => `<Contents><Key>${path.split('/').at(-1)}</Key></Contents>`);
  return { status: 200, body: `<ListBucketResult>${listed.join('')}</ListBucketResult>` };
};

const answerSsm = (account: CloudAccount): Answer => ({
  status: 200,
  body: JSON.stringify({ Parameter: { Name: 'version', Value: String(account.toolkit ?? 0) } }),
});

const answer = async (
  request: IncomingMessage,
  account: CloudAccount,
  requests: string[],
): Promise<Answer> => {
  const [, key = '', , , service = ''] =
    /Credential=([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? '') ??
    [];
  const body = await text(request);
  const form = new URLSearchParams(body);
  requests.push(
    `${service} ${form.get('Action') ?? request.headers['x-amz-target'] ?? request.method} ${form.get('StackName') ?? ''}`,
  );
  const refusal = refusals[key];
  if (refusal && !(refusal === 'AccessDenied' && service === 'sts')) return fault(refusal, 'refused');
  if (service === 'sts') return answerSts(form);
  if (service === 's3') return answerS3(request, body, account);
  if (service === 'ssm') return answerSsm(account);
  return answerCloudFormation(form, account);
};

/**
 * As much of AWS as a deployment asks: who is calling, the files of a bucket, and stacks that are created and deleted at once.
 * The clients are AWS's own; `AWS_ENDPOINT_URL` leads them here.
 */
export const startFakeCloud = async (): Promise<FakeCloud> => {
  const account = emptyAccount();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, account, requests).then(({ status, body }) => {
      response.writeHead(status, {
        'content-type': body.startsWith('{') ? 'application/x-amz-json-1.1' : 'text/xml',
      });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    account,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
