import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { takeLease } from '../../shared/bookings/lease-store.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { underLease, type MayGoOn } from '../../shared/upkeep/under-lease.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { tableEnvironment } from '../support/table-environment.ts';
import { withTicketKeys } from '../support/ticket-keys.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const sweep = 'clean-up';
let calls = 0;

/** A call whose work goes on until it is told to end, and that may die instead. */
const begin = async (bookings: Table = world.bookings) => {
  calls += 1;
  const [end, entered] = [Promise.withResolvers<void>(), Promise.withResolvers<MayGoOn | 'kept out'>()];
  const lease = { sweep, holder: `call ${calls}` };
  const over = underLease(
    { bookings, clock: world.dependencies.clock },
    lease,
  )(async (mayGoOn) => {
    entered.resolve(mayGoOn);
    await end.promise;
  });
  void over.then(() => entered.resolve('kept out'));
  const entry = await entered.promise;
  return {
    keptOut: entry === 'kept out',
    mayGoOn: () => entry !== 'kept out' && entry(),
    end: async () => {
      end.resolve();
      return over;
    },
  };
};

/** Lets a renewal that has begun reach the table. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

test('of calls at once one works, and the next may as soon as it ends', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => begin()));
  const [first, ...others] = all.filter(({ keptOut }) => !keptOut);
  expect(others).toEqual([]);
  expect((await begin()).keptOut).toBe(true);
  expect(await first?.end()).toMatchObject({ state: 'over' });
  expect((await begin()).keptOut).toBe(false);
});

test('one that died keeps the next minute’s call out no more', async () => {
  expect((await begin()).keptOut).toBe(false);
  world.pass(45);
  expect((await begin()).keptOut).toBe(true);
  world.pass(15);
  expect((await begin()).keptOut).toBe(false);
});

test('one that works long keeps the others out for as long as it works', async () => {
  const long = await begin();
  for (let n = 0; n < 12; n += 1) {
    world.pass(25);
    expect(long.mayGoOn()).toBe(true);
    await settle();
    expect((await begin()).keptOut).toBe(true);
  }
  await long.end();
  expect((await begin()).keptOut).toBe(false);
});

test('one that was frozen for too long ends, and does not end the lease of the one after it', async () => {
  const frozen = await begin();
  world.pass(60);
  const next = await begin();
  expect(next.keptOut).toBe(false);
  expect(frozen.mayGoOn()).toBe(false);
  await frozen.end();
  expect((await begin()).keptOut).toBe(true);
  expect(next.mayGoOn()).toBe(true);
});

test('one whose renewals fail works until its lease ends, and not longer', async () => {
  let isDown = false;
  const table = by(world.bookings, async (command, send) => {
    if (isDown) throw new Error('down');
    return send(command);
  });
  const unlucky = await begin(table);
  isDown = true;
  world.pass(40);
  expect(unlucky.mayGoOn()).toBe(true);
  await settle();
  world.pass(10);
  expect(unlucky.mayGoOn()).toBe(false);
  expect(await unlucky.end()).toMatchObject({ state: 'over' });
  expect((await begin()).keptOut).toBe(false);
});

test('an end that no lease can have keeps nobody out', async () => {
  const now = world.time.now;
  await takeLease(
    world.bookings,
    { sweep, holder: 'in the future' },
    { now, until: plusSeconds(now, 86_400) },
  );
  expect((await begin()).keptOut).toBe(false);
});

test('a work that fails ends its lease too', async () => {
  const { bookings, dependencies } = world;
  const run = underLease({ bookings, clock: dependencies.clock }, { sweep, holder: 'fails' });
  await expect(run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect((await begin()).keptOut).toBe(false);
});

describe.each(['clean-up', 'free-orphans'])('schedule/%s', (name) => {
  const invoke = async (): Promise<unknown> => {
    const invocation = `
      const { handler } = await import('./functions/schedule/${name}.ts');
      const context = { functionName: 'x', awsRequestId: 'us', getRemainingTimeInMillis: () => 60_000 };
      process.stdout.write('\\nanswer ' + JSON.stringify(await handler({}, context)));
    `;
    const { stdout } = await withTicketKeys((keys) =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', invocation], {
        cwd: join(import.meta.dirname, '../..'),
        env: { ...tableEnvironment(world.tables, world.time.now), ...keys },
      }),
    );
    return JSON.parse(stdout.split('answer ').at(-1) ?? '') as unknown;
  };

  test('does nothing while another call is at work, and works after that', async () => {
    const now = world.time.now;
    await takeLease(world.bookings, { sweep: name, holder: 'another' }, { now, until: plusSeconds(now, 50) });
    expect(await invoke()).toEqual({ skipped: 'at-work' });
    world.pass(60);
    expect(await invoke()).not.toHaveProperty('skipped');
    expect(await invoke()).not.toHaveProperty('skipped');
  }, 30_000);
});
