import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveKey } from '../../../shared/platform/secrets.ts';
import { signCode } from '../../../shared/tickets/code.ts';
import { runCommand, type Ran } from '../../support/cloud/run-command.ts';
import { gateNetwork } from '../../support/gate-network.ts';
import { gateWorld, type GateWorld } from '../../support/gate-world.ts';
import { keeperOfSecrets } from '../../support/keeper-of-secrets.ts';
import { made } from '../../support/refund-world.ts';
import { tableEnvironment } from '../../support/table-environment.ts';

/* keyun gate: a folder that is synced over the API, and that decides without it. Its clock is wrong by a week. */

let world: GateWorld;
let keeper: Awaited<ReturnType<typeof keeperOfSecrets>>;
let network: Awaited<ReturnType<typeof gateNetwork>>;
let run: Awaited<ReturnType<GateWorld['openRun']>>;
let orders: Awaited<ReturnType<GateWorld['issued']>>[];
let codes: string[];
const before = { ...process.env };
beforeAll(async () => {
  world = await gateWorld();
  network = await gateNetwork();
  keeper = await keeperOfSecrets({});
  // The key of this world is derived from it.
  keeper.kept.set('tickets', { text: 'test' });
  run = await world.openRun('2026-12-05', 4);
  orders = [];
  for (let n = 0; n < 4; n += 1)
    orders.push(await world.issued(run, [2 * n, 2 * n + 1], { user: `user-${n}` }));
  codes = (await Promise.all(orders.map((orderId) => world.codesOf(orderId)))).flat();
  world.at(run, 0, -1800);
  Object.assign(process.env, tableEnvironment(world.tables, world.time.now), keeper.environment, {
    TICKET_SECRET_ID: 'tickets',
    KEYUN_CARRIER: 'cn-rail',
  });
});
afterAll(async () => {
  process.env = before;
  network.stop();
  await keeper.stop();
  await world.stop();
});

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'keyun-gate-'));
const keyun = (words: string): Promise<Ran> => runCommand(words, {});
const sync = (folder: string, more = ''): Promise<Ran> =>
  keyun(`gate sync --folder ${folder} --api ${network.address} --token gates${more}`);
const firstSync = (folder: string, gate = 'north-1', stop = 'S0'): Promise<Ran> =>
  sync(folder, ` --run ${run.runId} --gate ${gate} --stop ${stop}`);
const verify = (folder: string, code: string, more = ''): Promise<Ran> =>
  keyun(`gate verify --folder ${folder}${more} ${code}`);

jest.setTimeout(60_000);

test('a folder lets each passenger in once without a network, and the next sync tells it', async () => {
  const folder = newFolder();
  expect(await firstSync(folder)).toEqual({
    code: 0,
    stdout: `told 0 uses, 0 of them as they should be\n${run.runId}  8 tickets, 0 that are not valid any more\n`,
    stderr: '',
  });
  network.state.isUp = false;
  const first = await verify(folder, codes[0]!);
  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^let in {2}coach 05 seat \d[A-F] {2}second {2}旅/),
  });
  expect(await verify(folder, codes[0]!)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^refused {2}already-checked-in .* first at 2026-12-05T08:3\d:\d\d\+08:00 at the stop S0 by the gate north-1\n$/,
    ),
  });
  expect((await world.stored(orders[0]!)).tickets[0]?.state).toBe('issued');
  expect(await sync(folder)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^keyun: GET .*\/v1\/gate\/keys/),
  });

  network.state.isUp = true;
  expect(await sync(folder)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^told 1 uses, 1 of them/),
  });
  expect((await world.stored(orders[0]!)).tickets[0]).toMatchObject({
    state: 'checkedIn',
    checkIn: { at: expect.stringMatching(/^2026-12-05T00:3/), gateId: 'north-1' },
  });
  // It is told once, and a gate that syncs now knows it.
  expect(await sync(folder)).toMatchObject({ stdout: expect.stringMatching(/^told 0 uses/) });
  const other = newFolder();
  await firstSync(other, 'south-2');
  expect(await verify(other, codes[0]!)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('by the gate north-1'),
  });
});

test('six scans of one ticket at the same moment let one passenger in', async () => {
  const folder = newFolder();
  await firstSync(folder);
  const scans = await Promise.all(Array.from({ length: 6 }, () => verify(folder, codes[1]!)));
  expect(scans.map(({ code }) => code).toSorted()).toEqual([0, 1, 1, 1, 1, 1]);
  expect(readdirSync(join(folder, 'uses'))).toHaveLength(1);
});

test('two gates without a network that let in with one ticket hear of it, and so does a person', async () => {
  const [north, south] = [newFolder(), newFolder()];
  await firstSync(north);
  await firstSync(south, 'south-2');
  expect([(await verify(north, codes[2]!)).code, (await verify(south, codes[2]!)).code]).toEqual([0, 0]);
  expect(await sync(south)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^told 1 uses, 1 of/) });
  expect(await sync(north)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^told 1 uses, 0 of .*\n {2}\S+-1 {2}reported: already-checked-in, first at \S+ by the gate south-2\n/,
    ),
  });
});

test('each reason is one line with exit code 1', async () => {
  const folder = newFolder();
  await world.accept(await made(world.offer(orders[3]!, 'user-3', [1])), 'user-3');
  await firstSync(folder);
  const read = await world.readCode(codes[7]!);
  if (read.outcome === 'rejected') throw new Error(read.reason);
  const { content } = read;
  const strange = deriveKey('another', 'sign-tickets');
  const bytes = Buffer.from(codes[7]!, 'base64url');
  const newer = Buffer.from(bytes);
  newer[0] = 9;
  const expected: [string, string, string?][] = [
    ['code-damaged', codes[7]!.slice(0, 60)],
    ['code-damaged', 'hello'],
    ['code-other-version', newer.toString('base64url')],
    ['code-unknown-key', signCode(strange, content)],
    ['code-other-carrier', signCode(strange, { ...content, carrierId: 'air' })],
    ['code-forged', codes[7]!.slice(0, -86) + codes[6]!.slice(-86)],
    ['ticket-refunded', codes[6]!],
    ['wrong-run', signCode(world.seed, { ...content, runId: 'G9~2026-12-05' as typeof run.runId })],
    ['wrong-stop', codes[7]!, ' --stop S3'],
    ['too-early-to-board', codes[7]!, ' --stop S2'],
  ];
  for (const [reason, code, more] of expected) {
    const { code: exit, stdout, stderr } = await verify(folder, code, more);
    expect([exit, stderr, stdout]).toEqual([
      1,
      '',
      expect.stringMatching(new RegExp(`^refused  ${reason}  [^\\n]+\\n$`)),
    ]);
  }
  expect((await verify(folder, codes[7]!)).code).toBe(0);
  const json = await verify(folder, codes[7]!, ' --json');
  expect(JSON.parse(json.stdout)).toMatchObject({ outcome: 'rejected', reason: 'already-checked-in' });
});

test('a ticket that was sold after the sync is let in by its signature', async () => {
  const folder = newFolder();
  await firstSync(folder);
  const read = await world.readCode(codes[5]!);
  if (read.outcome === 'rejected') throw new Error(read.reason);
  const later = signCode(world.seed, {
    ...read.content,
    ticketId: '01M9KTSBS08R3MTK0JDMKHPPGA-1' as typeof read.content.ticketId,
  });
  expect(await verify(folder, later)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^let in .*\(sold after the last sync\)\n$/),
  });
});

test('what is missing or broken is said in one line', async () => {
  const folder = newFolder();
  const lineOf = async (ran: Promise<Ran>) => {
    const { code, stderr } = await ran;
    expect(code).toBe(1);
    return stderr;
  };
  expect(await lineOf(verify(folder, codes[7]!))).toMatch(
    /is no folder of a gate: run keyun gate sync first\n$/,
  );
  expect(await lineOf(sync(folder))).toBe('keyun: a new folder needs --gate and --stop\n');
  expect(await lineOf(sync(folder, ' --gate a --stop S0'))).toMatch(/needs a run/);
  expect(await lineOf(sync(folder, ' --gate a,b --stop S0 --run x'))).toMatch(
    /^keyun: --gate must be a name/,
  );
  expect(await lineOf(sync(folder, ' --gate a --stop S0 --run x'))).toMatch(/^keyun: --run must be a run id/);
  expect(await lineOf(sync(folder, ` --gate a --stop S0 --run G9~2026-12-05`))).toMatch(/could not find/);
  expect(
    await lineOf(
      keyun(`gate sync --folder ${folder} --gate a --stop S0 --run ${run.runId} --api ${network.address}`),
    ),
  ).toMatch(/--token/);
  expect(
    await lineOf(
      keyun(
        `gate sync --folder ${folder} --gate a --stop S0 --run ${run.runId} --api ${network.address} --token operators`,
      ),
    ),
  ).toMatch(/does not have access/);
  await firstSync(folder);
  writeFileSync(join(folder, 'gate.json'), '{ "gateId": ');
  expect(await lineOf(verify(folder, codes[7]!))).toMatch(
    /gate\.json cannot be read: remove it and run keyun gate sync\n$/,
  );
});
