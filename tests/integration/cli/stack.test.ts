import { execFile } from 'node:child_process';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runCommand } from '../../support/cloud/run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

/** CloudFormation as it answers when something is wrong. What is right is tested on the local run. */
let server: Server;
let answer: (response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const keys = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
type Ended = { code: number; out: string; err: string };

const keyun = (words: readonly string[], environment: Record<string, string> = keys): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, '../../../cli/keyun.ts'), ...words],
      {
        env: {
          PATH: process.env['PATH'],
          HOME: '/nonexistent',
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_REGION: 'eu-central-1',
          AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          ...environment,
        },
      },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

const fails = (code: string, message: string) => (response: ServerResponse) => {
  response.writeHead(code === 'AccessDenied' ? 403 : 400, { 'content-type': 'text/xml' });
  response.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );
};
const oneLine = (pattern: RegExp) => ({
  code: 1,
  out: '',
  err: expect.stringMatching(new RegExp(`^keyun: [^\\n]*${pattern.source}[^\\n]*\\n$`)),
});
const list = ['--stack', 'Keyun-prod', 'timetable', 'list'];

test('what is wrong with the stack or the credentials is one line, and exit code 1', async () => {
  answer = fails('ValidationError', 'Stack with id Keyun-prod-Data does not exist');
  expect(await keyun(list)).toEqual(oneLine(/no deployment Keyun-prod in eu-central-1/));
  // The option may stand anywhere, and the environment may name the stack.
  expect(await keyun(['timetable', 'list', '--stack', 'Keyun-x'])).toEqual(oneLine(/no deployment Keyun-x/));
  expect(await keyun(['audit'], { ...keys, KEYUN_STACK: 'Keyun-y' })).toEqual(
    oneLine(/no deployment Keyun-y/),
  );
  answer = fails(
    'AccessDenied',
    'User: arn:aws:iam::1:user/z is not authorized to perform: cloudformation:DescribeStacks on resource: arn:s',
  );
  expect(await keyun(list)).toEqual(oneLine(/may not do cloudformation:DescribeStacks on arn:s/));
  answer = fails('ExpiredToken', 'The security token included in the request is expired');
  expect(await keyun(list)).toEqual(oneLine(/session has expired: sign in/));
  expect(await keyun(list, {})).toEqual(oneLine(/no AWS credentials/));
  expect(await keyun(list, { ...keys, AWS_REGION: '' })).toEqual(oneLine(/set AWS_REGION/));
  expect(await keyun(['--stack', 'a_b', 'audit'])).toEqual(oneLine(/such as Keyun-prod/));
});

test('a network that is gone, and one that is silent, end in bounded time', async () => {
  const nowhere = { ...keys, AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://keyun.invalid' };
  expect(await keyun(list, nowhere)).toEqual(oneLine(/cannot find keyun\.invalid/));
  const closed = { ...keys, AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://127.0.0.1:9' };
  expect(await keyun(list, closed)).toEqual(oneLine(/cannot reach AWS/));
  answer = () => undefined;
  const started = performance.now();
  expect(await keyun(list)).toEqual(oneLine(/did not answer in time/));
  expect(performance.now() - started).toBeLessThan(40_000);
});

test('commands of the local run say that they use no stack', async () => {
  for (const words of [['start'], ['demo'], ['token', 'a@example.com']])
    expect(await keyun(['--stack', 'Keyun-prod', ...words])).toEqual(
      oneLine(/uses no stack: leave --stack away/),
    );
});

test('commands that read no stack refuse one on the command line, and leave the environment alone', async () => {
  const words = [
    ['deploy', '--stage', 'x'],
    ['destroy', '--stage', 'x'],
    ['deploy-check'],
    ['carrier', 'check', 'cn-rail'],
  ];
  for (const each of words)
    expect(await keyun(['--stack', 'Keyun-prod', ...each])).toEqual(oneLine(/does not read the stacks/));
  expect(await keyun(['carrier', 'check', 'cn-rail'], { ...keys, KEYUN_STACK: 'Keyun-prod' })).toMatchObject({
    code: 0,
  });
});

test('a check that needs no account asks none, and refuses a setting that does not exist', async () => {
  const check = (args: string) => runCommand(`deploy-check ${args}`, { KEYUN_STACK: 'Keyun-prod' });
  const [unknownCarrier, misspelt] = await Promise.all([
    check('--stage dev --carrier nobody'),
    check('--context mailForm=tickets@coach.example'),
  ]);
  expect(unknownCarrier).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no carrier "nobody"/) as string,
  });
  expect(misspelt).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^keyun: --context mailForm: no such setting; choose one of .*mailFrom/,
    ) as string,
  });
});
