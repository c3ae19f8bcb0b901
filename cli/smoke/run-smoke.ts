import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importBeside } from '../../shared/feeds/import-beside.ts';
import type { soundCarrier } from '../../shared/carriers/read-carrier.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { newUlid } from '../../shared/platform/random.ts';
import { instantOf, localDateOf, millisecondsOf, type Clock } from '../../shared/platform/time.ts';
import { changeSales } from '../../shared/timetable/open-sales.ts';
import { CommandFailure } from '../connect.ts';
import { passengersOf, type DemoPassenger } from '../demo/passengers.ts';
import type { UserPool } from '../staff/user-pool.ts';
import { isProblem, openApi, told, type Api, type Order } from './api.ts';
import { cancelOrder, holdSeat, placeOrder, waitFor, type Buying } from './buy.ts';
import { cleanUpSmoke } from './clean-up.ts';
import { findBuyer, offeredProviders, payOrder, titleOf } from './pay.ts';
import { planSmoke, type SmokePlan } from './plan.ts';
import { Skipped, StepFailed, type Steps } from './steps.ts';
import { addressOf, signInTestUser } from './test-user.ts';
import { writeSmokeFeed } from './write-feed.ts';

export type Smoke = {
  tables: { timetable: Table; inventory: Table };
  sound: ReturnType<typeof soundCarrier>;
  clock: Clock;
  timeScale: number;
  /** The address of the API. */
  address: string;
  /** Signs the test user in; or the access token of a user whom somebody else has made. */
  signIn: { users: UserPool; ClientId: string } | { token: string };
  /** Leaves out the hold that ends by itself. */
  quick: boolean;
  /** A person is there to pay at a cashier. */
  isAttended: boolean;
  tell: (line: string) => void;
  steps: Steps;
  /** Ends the test early; the clean-up follows all the same. */
  signal: AbortSignal;
};

type Told = { token?: string };

/** Does every step and then cleans up. Returns whether all succeeded. */
export const runSmoke = async (smoke: Smoke): Promise<boolean> => {
  const { steps, sound, clock, timeScale, tables, signIn } = smoke;
  const plan = planSmoke(sound.carrier, { id: newUlid(clock()), now: clock(), timeScale });
  const email = addressOf(plan.mark);
  const signed: Told = {};
  try {
    await doSteps(smoke, plan, signed);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
  } finally {
    const users = 'users' in signIn ? signIn.users : undefined;
    const own = { ...smoke, mark: `${plan.mark}-end`, signal: new AbortController().signal };
    const api = signed.token === undefined ? undefined : openApi({ ...own, token: signed.token });
    const { carrier } = sound;
    await cleanUpSmoke({ steps, plan, tables, carrier, clock, api, users, email });
  }
  return steps.seen.every(({ outcome }) => outcome !== 'failed');
};

const doSteps = async (smoke: Smoke, plan: SmokePlan, signed: Told): Promise<void> => {
  const { steps, signal, address, quick, sound } = smoke;
  /** Between two steps nothing is under way: an interruption ends the test there, or within a request. */
  const run: Steps['run'] = (step, work) =>
    steps.run(step, (note) => {
      signal.throwIfAborted();
      return work(note);
    });
  const anybody = openApi({ address, token: undefined, mark: plan.mark, signal });
  await run('the API answers', async (note) => {
    const { status, body } = await anybody.get<{ version?: string }>('/v1/health');
    if (status !== 200) throw new CommandFailure(`GET /v1/health answers ${status}`);
    note(`${address}, version ${body.version ?? 'unknown'}`);
  });
  await run('sign in', async (note) => {
    signed.token = await tokenOf(smoke, plan);
    const mine = await openApi({ address, token: signed.token, mark: plan.mark, signal }).get('/v1/orders');
    if (mine.status !== 200) throw new CommandFailure(`GET /v1/orders answers ${told(mine)}`);
    note(addressOf(plan.mark));
  });
  await run('import a feed beside the timetable', () => importFeed(smoke, plan));
  await run('search does not find it', () => searchMisses(anybody, plan));

  const buying: Buying = {
    api: openApi({ address, token: signed.token, mark: `${plan.mark}-buy`, signal }),
    plan,
    passenger: passengerOf(sound.carrier),
    email: addressOf(plan.mark),
    signal,
  };
  const first = await run('hold a seat', () => holdSeat(buying, plan.soon));
  await run('nobody else gets the seat', async () => {
    const second = await placeOrder({ ...buying, passenger: passengerOf(sound.carrier) }, plan.soon);
    if (!isProblem(second, ['sold-out'])) throw new CommandFailure(`a second order answers ${told(second)}`);
  });
  await run('cancel it', () => cancelOrder(buying.api, first?.orderId ?? ''));
  const held = await run('hold the seat again', () => holdSeat(buying, plan.soon));
  const offered = await run('ask how passengers can pay', async (note) => {
    const providers = await offeredProviders(buying.api);
    note(providers.map(titleOf).join(', '));
    return providers;
  });
  for (const provider of offered ?? [])
    await run(`buy a ticket with ${titleOf(provider)}`, async (note) => {
      const buyer = await findBuyer(provider, smoke.isAttended);
      const alone = { ...buying, passenger: passengerOf(sound.carrier) };
      const order = await holdSeat(alone, plan.later);
      note(`ticket ${await payOrder(alone, order, { provider, buyer, tell: smoke.tell })}`);
    });
  await run('the hold ends by itself', () => {
    if (quick) throw new Skipped('left out with --quick');
    return letHoldEnd(smoke, buying, held);
  });
};

const tokenOf = ({ signIn }: Smoke, { mark }: SmokePlan): Promise<string> => {
  if ('token' in signIn) return Promise.resolve(signIn.token);
  return signInTestUser(signIn.users, { email: addressOf(mark), ClientId: signIn.ClientId });
};

const importFeed = async ({ tables, sound, clock }: Smoke, plan: SmokePlan): Promise<void> => {
  const { carrier, layouts: carrierLayouts } = sound;
  const folder = mkdtempSync(join(tmpdir(), 'keyun-smoke-'));
  try {
    const { source, options } = writeSmokeFeed(folder, plan, carrier);
    const deps = { timetable: tables.timetable, now: clock, carrier, carrierLayouts };
    const imported = await importBeside(deps)(source, options);
    if (imported.outcome === 'refused') throw new CommandFailure(imported.why.join('; '));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const dates = { from: plan.soon.date, until: plan.later.date };
  const today = localDateOf(clock(), carrier.timeZone);
  const subject = { kind: 'route' as const, id: plan.mark };
  const opened = await changeSales(tables.timetable, { what: 'open', subject, dates }, today);
  if (opened.outcome === 'rejected') throw new CommandFailure(`the sale cannot be opened: ${opened.reason}`);
};

const searchMisses = async (api: Api, { mark, from, to, later }: SmokePlan): Promise<void> => {
  const { body } = await api.get<{ stops?: { stopId: string }[] }>(`/v1/stops?query=${mark}`);
  if (body.stops?.some(({ stopId }) => stopId.startsWith(mark)))
    throw new CommandFailure('search finds the stops of the test');
  const found = await api.get<{ journeys?: unknown[] }>(
    `/v1/journeys?from=${from}&to=${to}&date=${later.date}`,
  );
  if (found.status < 400) throw new CommandFailure('search finds the trips of the test');
};

/** No two smoke tests at once may have the same passenger, who could not be in both trains. */
const passengersMax = 99_999_999;

const passengerOf = (carrier: Smoke['sound']['carrier']): DemoPassenger => {
  const passenger = passengersOf(carrier)?.(randomInt(1, passengersMax));
  if (passenger) return passenger;
  throw new CommandFailure('the carrier takes no passport, and the test has no other document');
};

/** Two rounds of the clean-up, and some patience. */
const graceMilliseconds = 150_000;

const letHoldEnd = async (
  { clock, timeScale }: Smoke,
  buying: Buying,
  held: Order | undefined,
): Promise<void> => {
  if (!held) return;
  const ends = millisecondsOf(instantOf(Date.parse(held.expiresAt)));
  const left = Math.max(0, ends - millisecondsOf(clock())) / timeScale;
  await waitFor(buying, held, { state: 'expired', milliseconds: left + graceMilliseconds });
};
