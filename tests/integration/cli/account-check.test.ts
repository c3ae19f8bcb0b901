import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { askAccount, type Wanted } from '../../../cli/account-check/account-checks.ts';

/** An account that is ready, asked by AWS's own clients: `AWS_ENDPOINT_URL` leads them here. */
type FakeAccount = {
  toolkit: number | undefined;
  missingTypes: string[];
  concurrency: number;
  production: boolean;
  verified: string[];
  /** The operations that the credentials may not call. */
  denied: string[];
};
const ready: FakeAccount = {
  toolkit: 30,
  missingTypes: [],
  concurrency: 1000,
  production: true,
  verified: ['rail.example'],
  denied: [],
};
const wanted: Wanted = {
  types: ['AWS::DynamoDB::Table', 'AWS::Cognito::UserPool'],
  concurrency: 10,
  mailFrom: 'tickets@rail.example',
};

let server: Server;
let account: FakeAccount;
const before = { ...process.env };
beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { status, type, said } = answer(request, new URLSearchParams(body), account);
      response.writeHead(status, { 'content-type': type }).end(said);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'y',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});
beforeEach(() => {
  account = structuredClone(ready);
});
afterAll(() => {
  process.env = before;
  server.closeAllConnections();
  server.close();
});

const xml = (status: number, said: string) => ({ status, type: 'text/xml', said });
const json = (status: number, value: object) => ({
  status,
  type: 'application/json',
  said: JSON.stringify(value),
});
const result = (operation: string, inner: string) =>
  xml(200, `<${operation}Response><${operation}Result>${inner}</${operation}Result></${operation}Response>`);
const xmlError = (code: string, message: string) =>
  xml(
    code === 'AccessDenied' ? 403 : 400,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );

const answer = ({ url = '', headers }: IncomingMessage, form: URLSearchParams, fake: FakeAccount) => {
  const target = String(headers['x-amz-target'] ?? '').split('.')[1];
  const operation = form.get('Action') ?? target ?? url;
  if (fake.denied.includes(operation))
    return form.has('Action')
      ? xmlError('AccessDenied', `User: me is not authorized to perform: sns:${operation} on resource: *`)
      : json(403, {
          __type: 'AccessDeniedException',
          message: 'User: me is not authorized to perform: ses:GetAccount on resource: *',
        });
  switch (operation) {
    case 'GetCallerIdentity':
      return result(
        operation,
        '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/clerk</Arn><UserId>A</UserId>',
      );
    case 'DescribeStacks':
      return fake.toolkit === undefined
        ? xmlError('ValidationError', 'Stack with id CDKToolkit does not exist')
        : result(
            operation,
            `<Stacks><member><StackName>CDKToolkit</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs><member><OutputKey>BootstrapVersion</OutputKey><OutputValue>${fake.toolkit}</OutputValue></member></Outputs></member></Stacks>`,
          );
    case 'DescribeType':
      return fake.missingTypes.includes(form.get('TypeName') ?? '')
        ? xmlError('TypeNotFoundException', 'no such type')
        : result(operation, `<TypeName>${form.get('TypeName')}</TypeName>`);
    case 'GetServiceQuota':
      return json(200, { Quota: { QuotaCode: 'L-B99A9384', Value: fake.concurrency } });
    case 'GetSMSSandboxAccountStatus':
      return result(operation, '<IsInSandbox>true</IsInSandbox>');
    case '/v2/email/account':
      return json(200, {
        ProductionAccessEnabled: fake.production,
        SendingEnabled: true,
        SendQuota: { Max24HourSend: fake.production ? 50_000 : 200, MaxSendRate: fake.production ? 14 : 1 },
      });
    default: {
      const identity = /^\/v2\/email\/identities\/([^/?]+)/.exec(url)?.[1];
      return identity !== undefined && fake.verified.includes(decodeURIComponent(identity))
        ? json(200, { VerifiedForSendingStatus: true })
        : json(404, { __type: 'NotFoundException', message: 'no identity' });
    }
  }
};

/** `name: what` of every fault. */
const faults = async (of: Partial<Wanted> = {}): Promise<string[]> =>
  (await askAccount({ ...wanted, ...of })).flatMap(({ name, faults: found }) =>
    found.map(({ what, remedy }) => `${name}: ${what}. To do: ${remedy}`),
  );

test('an account that is ready has no fault, and each answer says what was found', async () => {
  const answers = await askAccount(wanted);
  expect(answers.flatMap(({ faults: found }) => found)).toEqual([]);
  expect(Object.fromEntries(answers.map(({ name, says }) => [name, says]))).toMatchObject({
    credentials: 'arn:aws:iam::123456789012:user/clerk in account 123456789012, eu-central-1',
    bootstrap: expect.stringContaining('30'),
    concurrency: '1000 functions may run at once; the deployment expects 10',
    mail: 'SES sends 14 mails a second, 50000 a day',
    sender: 'SES has verified rail.example',
    sms: expect.stringContaining('only to verified numbers'),
  });
});

test.each<[string, Partial<FakeAccount>, RegExp]>([
  ['no bootstrap', { toolkit: undefined }, /^bootstrap: the region has no CDK bootstrap/],
  ['an old bootstrap', { toolkit: 5 }, /^bootstrap: the CDK bootstrap has version 5, and 6 is needed/],
  [
    'a region without users',
    { missingTypes: ['AWS::Cognito::UserPool'] },
    /^region: the region has no AWS::Cognito::UserPool/,
  ],
  ['the quota of a new account', { concurrency: 10 }, /^concurrency: 10 functions at once are too few/],
  ['the sandbox of SES', { production: false }, /^mail: SES is in the sandbox.*200 a day/],
  [
    'a missing right',
    { denied: ['/v2/email/account'] },
    /^mail: your AWS credentials may not do ses:GetAccount/,
  ],
  [
    'another missing right',
    { denied: ['GetSMSSandboxAccountStatus'] },
    /^sms: your AWS credentials may not do sns:GetSMSSandboxAccountStatus/,
  ],
])('%s is one line', async (_, state, says) => {
  account = { ...account, ...state };
  expect(await faults()).toEqual([expect.stringMatching(says)]);
});

test('a deployment that expects more than the account allows is told the number', async () => {
  account.concurrency = 100;
  expect(await faults({ concurrency: 1000 })).toEqual([
    'concurrency: only 100 functions may run at once, and the deployment expects 1000. To do: deploy with --context concurrency=100',
  ]);
});

test('a sender that SES has not verified is named', async () => {
  account.verified = [];
  expect(await faults()).toEqual([
    expect.stringMatching(/^sender: SES has verified neither rail.example nor tickets@rail.example/),
  ]);
});

test('credentials that AWS does not accept end the questions in one line', async () => {
  account.denied = ['GetCallerIdentity'];
  expect(await faults()).toHaveLength(1);
});
