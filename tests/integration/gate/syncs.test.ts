import { listAttention } from '../../../shared/bookings/attention-store.ts';
import { findSubject } from '../../../shared/upkeep/find-subject.ts';
import { markOf, settle } from '../../../shared/upkeep/attention.ts';
import { gateWorld, saidBy, type GateWorld } from '../../support/gate-world.ts';
import { made } from '../../support/refund-world.ts';

/* Uses that gates recorded without a network, told later: once or often, by right and by wrong clocks. */

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.stop());

const boarding = async () => {
  const run = await world.openRun('2026-12-05', 2);
  const orderId = await world.issued(run, [1, 2]);
  const [code = '', other = ''] = await world.codesOf(orderId);
  world.at(run, 0, -1800);
  return { run, orderId, code, other };
};

const ticketsOf = async (orderId: Parameters<GateWorld['stored']>[0]) =>
  (await world.stored(orderId)).tickets;
const needed = async () => (await listAttention(world.bookings, { perShardMax: 9 })).items;

test('a use is recorded once, however often it is told', async () => {
  const { run, orderId, code, other } = await boarding();
  const uses = [
    { code, use: 'use-no-1', ago: 300 },
    { code: other, use: 'use-no-2' },
  ];
  const recorded = [
    { useId: 'use-no-1', ticketId: `${orderId}-1`, became: 'recorded' },
    { useId: 'use-no-2', ticketId: `${orderId}-2`, became: 'recorded' },
  ];
  expect(await world.sync(run, uses)).toEqual(recorded);
  world.pass(60);
  expect(await world.sync(run, uses)).toEqual(recorded);
  expect(await ticketsOf(orderId)).toMatchObject([
    { state: 'checkedIn', checkIn: { at: '2026-12-05T00:30:00.000Z', toldAt: '2026-12-05T00:35:00.000Z' } },
    { state: 'checkedIn', checkIn: { at: '2026-12-05T00:34:00.000Z' } },
  ]);
  expect(await needed()).toEqual([]);
  expect(await world.scan(run, code)).toMatchObject({ firstUse: { at: '2026-12-05T00:30:00.000Z' } });
  await world.expectClean(run);
});

test('one sync, sent by a gate three times at once, counts once', async () => {
  const { run, code } = await boarding();
  const told = await Promise.all([1, 2, 3].map(() => world.sync(run, [{ code, use: 'use-no-1' }])));
  expect(told.flat().map(({ became }) => became)).toEqual(['recorded', 'recorded', 'recorded']);
  expect(await needed()).toEqual([]);
});

test('two gates that let passengers in with one ticket are reported to a person, once', async () => {
  const { run, orderId, code } = await boarding();
  await world.sync(run, [{ code, use: 'use-north', ago: 120 }]);
  const second = async () =>
    world.sync(run, [{ code, use: 'use-south', stop: 'S1', ago: 60 }], { gate: 'south-2' });
  const reported = [
    {
      useId: 'use-south',
      ticketId: `${orderId}-1`,
      became: 'reported',
      reason: 'already-checked-in',
      firstUse: expect.objectContaining({ gateId: 'north-1', stopId: 'S0' }),
    },
  ];
  expect(await second()).toEqual(reported);
  expect(await second()).toEqual(reported);
  const [flagged, ...more] = await needed();
  expect(more).toEqual([]);
  expect(flagged?.attention).toMatchObject({ kind: 'ticket-used-wrongly', why: 'already-checked-in' });
  const id = `${orderId}-1#use-south`;
  expect(await findSubject(world.bookings, id)).toMatchObject({
    kind: 'use',
    item: {
      at: '2026-12-05T00:34:00.000Z',
      gateId: 'south-2',
      firstUse: { at: '2026-12-05T00:33:00.000Z', gateId: 'north-1' },
    },
  });
  const settled = await settle(world)(
    id,
    { by: 'li', reason: 'a copy; both are at the desk' },
    { seen: markOf(flagged!.attention) },
  );
  expect(settled).toMatchObject({ outcome: 'accepted' });
  // What is told again does not bring it back.
  await second();
  expect(await needed()).toEqual([]);
  await world.expectClean(run);
});

test('a ticket that was given back meanwhile, and used without a network, is reported and stays given back', async () => {
  const { run, orderId, code } = await boarding();
  world.at(run, 0, -7200);
  await world.accept(await made(world.offer(orderId, 'user-1', [1])), 'user-1');
  world.at(run, 0, -600);
  expect(await world.sync(run, [{ code, use: 'use-no-1' }])).toMatchObject([
    { became: 'reported', reason: 'ticket-refunded' },
  ]);
  expect(await ticketsOf(orderId)).toMatchObject([{ state: 'refunded' }, { state: 'issued' }]);
  expect(await needed()).toMatchObject([{ attention: { why: 'ticket-refunded' } }]);
});

test('what is no ticket of the run is refused, and the others are recorded', async () => {
  const { run, orderId, code, other } = await boarding();
  const elsewhere = await world.openRun('2026-12-06', 1);
  const strange = await world.issued(elsewhere, [5], { user: 'user-5' });
  const [foreign = ''] = await world.codesOf(strange);
  const told = await world.sync(run, [
    { code: 'x', use: 'use-no-1' },
    { code: foreign, use: 'use-no-2' },
    { code: code.slice(0, -86) + other.slice(-86), use: 'use-no-3' },
    { code, use: 'use-no-4' },
  ]);
  expect(told.map(({ became, ...rest }) => ('reason' in rest ? rest.reason : became))).toEqual([
    'code-damaged',
    'wrong-run',
    'code-forged',
    'recorded',
  ]);
  expect((await ticketsOf(orderId)).map(({ state }) => state)).toEqual(['checkedIn', 'issued']);
  expect((await ticketsOf(strange)).map(({ state }) => state)).toEqual(['issued']);
});

test.each([
  ['an hour ahead', 3600, 60, '2026-12-05T00:34:00.000Z'],
  ['a year behind', -365 * 86_400, 60, '2026-12-05T00:34:00.000Z'],
  ['set right since the use, which it had in 1970', 0, 56 * 365 * 86_400, '2026-12-05T00:35:00.000Z'],
  ['set right since the use, which it had a year ahead', 0, -365 * 86_400, '2026-12-05T00:35:00.000Z'],
])('a gate whose clock is %s tells when it was, or when it was told', async (_, wrongBy, ago, at) => {
  const { run, orderId, code } = await boarding();
  await world.sync(run, [{ code, use: 'use-no-1', ago }], { wrongBy });
  expect((await ticketsOf(orderId))[0]).toMatchObject({ checkIn: { at } });
});

test('days later, when no gate is open, uses are still recorded', async () => {
  const { run, orderId, code } = await boarding();
  world.at(run, 0, 3 * 86_400);
  await world.sync(run, [{ code, use: 'use-no-1', ago: 3 * 86_400 + 600 }]);
  expect((await ticketsOf(orderId))[0]).toMatchObject({ checkIn: { at: '2026-12-05T00:55:00.000Z' } });
});

test('a use without a network and a refund at the same moment end one way, and nobody misses the other', async () => {
  for (let n = 0; n < 4; n += 1) {
    const run = await world.openRun(`2026-12-${10 + n}`, 1);
    const orderId = await world.issued(run, [n], { user: `user-${n}` });
    const [code = ''] = await world.codesOf(orderId);
    world.at(run, 0, -1800);
    const offer = await made(world.offer(orderId, `user-${n}`));
    const [[told], accepted] = await Promise.all([
      world.sync(run, [{ code, use: `use-no-${n}` }]),
      world.accept(offer, `user-${n}`),
    ]);
    const [ticket] = await ticketsOf(orderId);
    expect([told?.became, saidBy(accepted)]).toEqual(
      ticket?.state === 'checkedIn' ? ['recorded', 'ticket-used'] : ['reported', 'in'],
    );
  }
});
