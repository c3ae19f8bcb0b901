import { execFile, spawn, type ExecFileException } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStackEnvironment } from '../../../cli/stack/read-stacks.ts';
import { writeFeed } from '../../support/sample-feed.ts';
import { startLocalRun, type LocalRun } from '../../support/local-run.ts';

/*
 * The command line on a deployment: the unmodified SDK asks the local run, in place of CloudFormation and the others, and the
 * run answers with the outputs of the template that it runs. It has another clock than this machine.
 */

// The first start may have to bundle and synthesize.
jest.setTimeout(240_000);

let run: LocalRun;
let environment: Record<string, string>;
let cloud: Record<string, string>;
beforeAll(async () => {
  run = await startLocalRun({ KEYUN_TIME_SCALE: '20' });
  environment = JSON.parse(readFileSync(join(run.dataDir, 'environment.json'), 'utf8')) as typeof environment;
  const isOfSdk = ([name]: [string, string]) => name.startsWith('AWS_');
  cloud = Object.fromEntries(Object.entries(environment).filter(isOfSdk));
});
afterAll(() => run.stop());

type Ended = { code: number; out: string; err: string };

/** A command on the stack: it gets credentials and the addresses of AWS, and no name of anything that is deployed. */
const commandLine = (...words: string[]) =>
  [
    process.execPath,
    [join(import.meta.dirname, '../../../cli/keyun.ts'), '--stack', 'Keyun-dev', ...words],
    {
      // The shell's own variables mean another run, which does not exist.
      env: {
        PATH: process.env['PATH'],
        ...cloud,
        KEYUN_TIME_SCALE: '7',
        TIMETABLE_TABLE: 'another',
        KEYUN_DATA_DIR: '/x',
      },
    },
  ] satisfies Parameters<typeof spawn>;
const keyun = (...words: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(...commandLine(...words), (error: ExecFileException | null, out: string, err: string) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
const json = async (...words: string[]): Promise<unknown> => {
  const ended = await keyun(...words, '--json');
  expect(ended).toMatchObject({ code: 0 });
  return JSON.parse(ended.out);
};

test('the outputs are what the functions of the run read', async () => {
  const before = { ...process.env };
  Object.assign(process.env, cloud);
  const found = await readStackEnvironment('Keyun-dev-Api').finally(() => {
    process.env = before;
  });
  const functionsAlone = /^(?:AWS_|EVENTS_|MAIL_)/;
  const wanted = Object.entries(environment).filter(([name]) => !functionsAlone.test(name));
  expect(found).toMatchObject(Object.fromEntries(wanted));
  expect(wanted.map(([name]) => name)).toEqual(
    expect.arrayContaining(['ALIPAY_SECRET_ID', 'KEYUN_TIME_ORIGIN', 'TIMETABLE_TABLE', 'PUBLIC_URL']),
  );
});

test('the timetable is listed, replaced and put in force again', async () => {
  const list = async () =>
    (await json('timetable', 'list')) as { versions: { version: string; inForce: boolean }[] };
  const [first] = (await list()).versions;
  const feed = writeFeed();
  const options = ['--move-dates', '--fare-per-km', '10', '--yes'];
  expect(await keyun('timetable', 'import', feed, ...options)).toMatchObject({ code: 0 });
  expect((await list()).versions).toHaveLength(2);
  expect(await keyun('timetable', 'rollback', first?.version ?? '')).toMatchObject({ code: 0 });
  expect((await list()).versions.find(({ inForce }) => inForce)).toMatchObject({ version: first?.version });
});

test('sales, runs, orders, availability, attention and the audit work', async () => {
  const [shown, order, closed, counted, waiting, audited] = await Promise.all([
    json('sales', 'show'),
    keyun('orders', 'show', 'x'),
    keyun('runs', 'close', 'G5~2020-01-01'),
    json('availability', 'recount', '--date', '2030-01-01'),
    json('attention', 'list'),
    json('audit'),
  ]);
  expect(shown).toMatchObject({ from: expect.any(String) });
  expect(order).toEqual({ code: 1, out: '', err: 'keyun: no order has the id x\n' });
  expect(closed).toMatchObject({ code: 1, err: 'keyun: no run has the id G5~2020-01-01\n' });
  expect(counted).toEqual([]);
  expect(waiting).toEqual({ items: [], more: false });
  expect(audited).toMatchObject({ findings: [] });
});

test('staff are added, listed and removed', async () => {
  const [zhang, li] = ['zhang@example.com', 'Li@example.com'];
  expect(await keyun('staff', 'list')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Nobody is in a group'),
  });
  expect(await keyun('staff', 'add', zhang, '--group', 'conductors')).toEqual({
    code: 1,
    out: '',
    err: 'keyun: there is no group conductors: choose gates or operators\n',
  });
  expect(await json('staff', 'add', zhang, '--group', 'operators')).toMatchObject({ user: 'invited' });
  expect(await json('staff', 'add', zhang, '--group', 'operators')).toMatchObject({ user: 'known' });
  expect(await json('staff', 'add', zhang, '--group', 'gates', '--resend')).toMatchObject({
    user: 'invited-again',
  });
  expect(await json('staff', 'add', li, '--group', 'gates')).toMatchObject({ user: 'invited' });
  expect(await json('staff', 'list')).toEqual({
    members: [
      { email: 'li@example.com', groups: ['gates'], state: 'invited' },
      { email: zhang, groups: ['gates', 'operators'], state: 'invited' },
    ],
  });
  expect(await json('staff', 'remove', zhang, '--group', 'operators')).toMatchObject({ left: ['operators'] });
  expect(await json('staff', 'remove', zhang)).toMatchObject({ left: ['gates'] });
  expect(await keyun('staff', 'remove', zhang)).toMatchObject({
    code: 0,
    out: `${zhang} is not in any group\n`,
  });
  expect(await keyun('staff', 'remove', 'nobody@example.com')).toMatchObject({
    code: 1,
    err: 'keyun: no user has the address nobody@example.com\n',
  });
  expect(await json('staff', 'list', '--group', 'gates')).toMatchObject({
    members: [{ email: 'li@example.com' }],
  });
});

type Report = { succeeded: boolean; steps: { step: string; outcome: string; note?: string }[] };
const outcomes = ({ steps }: Report) => Object.fromEntries(steps.map(({ step, outcome }) => [step, outcome]));

/** Nothing that a smoke test has made is on sale, held, or able to sign in. */
const expectNothingLeft = async (): Promise<void> => {
  const [shown, audited, waiting] = await Promise.all([
    json('sales', 'show'),
    json('audit'),
    json('attention', 'list'),
  ]);
  expect(shown).toMatchObject({ exceptions: [] });
  expect(audited).toMatchObject({ findings: [], young: 0 });
  expect(waiting).toEqual({ items: [], more: false });
  expect(readFileSync(join(run.dataDir, 'user-pool.json'), 'utf8')).not.toContain('keyun-smoke');
};

test('two smoke tests at once succeed, each on its own seats, and leave nothing behind', async () => {
  const [whole, quick] = (await Promise.all([json('smoke'), json('smoke', '--quick')])) as [Report, Report];
  expect(whole).toMatchObject({ succeeded: true });
  expect(new Set(Object.values(outcomes(whole)))).toEqual(new Set(['done']));
  expect(outcomes(whole)).toMatchObject({
    'sign in': 'done',
    'buy a ticket with Alipay': 'done',
    'buy a ticket with WeChat Pay': 'done',
    'buy a ticket with Stripe': 'done',
    'the hold ends by itself': 'done',
  });
  expect(outcomes(quick)).toEqual({ ...outcomes(whole), 'the hold ends by itself': 'skipped' });
  await expectNothingLeft();
});

test('a smoke test that fails or is interrupted in the middle cleans up too, and ends with 1', async () => {
  const failed = await keyun('smoke', '--token', 'none');
  expect(failed).toMatchObject({ code: 1, err: 'keyun: the smoke test failed: sign in\n' });
  expect(failed.out).toContain('401');
  const child = spawn(...commandLine('smoke'));
  let out = '';
  const ended = new Promise((resolve) => child.on('exit', resolve));
  for await (const chunk of child.stdout) {
    out += String(chunk);
    // A Ctrl-C sends more than one signal.
    if (/hold the seat again.*\n$/.test(out)) for (const _ of [1, 2]) child.kill('SIGINT');
  }
  expect(await ended).toBe(1);
  expect(out).toContain('interrupted');
  expect(out.match(/✓ clean up/g)).toHaveLength(4);
  await expectNothingLeft();
});
