import { closeRun } from '../../../shared/runs/close-run.ts';
import { putDelay } from '../../../shared/runs/delay-store.ts';
import type { CodeContent } from '../../../shared/tickets/code-content.ts';
import { signCode } from '../../../shared/tickets/code.ts';
import { listTickets } from '../../../shared/tickets/store.ts';
import { deriveKey } from '../../../shared/platform/secrets.ts';
import { ticketIdOf, itemIdSchema, orderIdSchema } from '../../../shared/platform/ids.ts';
import { gateWorld, saidBy, type GateWorld } from '../../support/gate-world.ts';
import { made } from '../../support/refund-world.ts';

/* Tickets at a gate that has a network: let in once, or refused with a reason of its own. */

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.stop());

/** A run with an order for two people, half an hour before it leaves. */
const boarding = async () => {
  const run = await world.openRun('2026-12-05', 2);
  const orderId = await world.issued(run, [1, 2]);
  const [code = '', other = ''] = await world.codesOf(orderId);
  world.at(run, 0, -1800);
  return { run, orderId, code, other };
};

const contentOf = async (code: string): Promise<CodeContent> => {
  const read = await world.readCode(code);
  if (read.outcome === 'rejected') throw new Error(read.reason);
  return read.content;
};

describe('a ticket', () => {
  test('lets its passenger in once, and the second time says where and when that was', async () => {
    const { run, orderId, code } = await boarding();
    const first = await world.scan(run, code, { use: 'use-no-1' });
    expect(first).toMatchObject({
      outcome: 'accepted',
      content: { initials: '旅', seat: expect.stringMatching(/^\d[A-F]$/) },
      ticket: { state: 'checkedIn', checkIn: { at: world.time.now, stopId: 'S0', gateId: 'north-1' } },
    });
    world.pass(60);
    expect(await world.scan(run, code, { gate: 'south-2' })).toEqual({
      outcome: 'rejected',
      reason: 'already-checked-in',
      firstUse: { at: '2026-12-05T00:35:00.000Z', stopId: 'S0', gateId: 'north-1', useId: 'use-no-1' },
    });
    const [used, other] = await listTickets(world.bookings, orderId, { consistent: true });
    expect([used?.state, other?.state]).toEqual(['checkedIn', 'issued']);
    await world.expectClean(run);
  });

  test('is let in again by a request that is repeated, whatever the time is then', async () => {
    const { run, code } = await boarding();
    expect(saidBy(await world.scan(run, code, { use: 'the-same-use' }))).toBe('in');
    expect(saidBy(await world.scan(run, code, { use: 'the-same-use' }))).toBe('in');
    world.at(run, 0, 3600);
    expect(saidBy(await world.scan(run, code, { use: 'the-same-use' }))).toBe('in');
    expect(saidBy(await world.scan(run, code))).toBe('already-checked-in');
  });

  test('is refused too early and too late, at another stop and for another run', async () => {
    const { run, code } = await boarding();
    const another = await world.openRun('2026-12-06', 1);
    const atStop = async (stop: number, seconds: number) => {
      world.at(run, stop, seconds);
      return world.scan(run, code, { stop: `S${stop}` });
    };
    expect(await atStop(0, -3601)).toEqual({
      outcome: 'rejected',
      reason: 'too-early-to-board',
      opensAt: '2026-12-05T00:05:00.000Z',
    });
    expect(await atStop(0, -179)).toEqual({
      outcome: 'rejected',
      reason: 'too-late-to-board',
      closedAt: '2026-12-05T01:02:00.000Z',
    });
    // The journey ends at S3, where nobody boards any more.
    expect(saidBy(await atStop(3, -600))).toBe('wrong-stop');
    expect(saidBy(await world.scan(run, code, { stop: 'nowhere' }))).toBe('wrong-stop');
    expect(saidBy(await world.scan(another, code))).toBe('wrong-run');
    expect(saidBy(await atStop(1, -600))).toBe('in');
  });

  test('that was given back is refused as such, also before the gate opens', async () => {
    const { run, orderId, code, other } = await boarding();
    world.at(run, 0, -86_400 * 3);
    await world.accept(await made(world.offer(orderId, 'user-1', [1])), 'user-1');
    expect(saidBy(await world.scan(run, code))).toBe('ticket-refunded');
    expect(saidBy(await world.scan(run, other))).toBe('too-early-to-board');
    world.at(run, 0, -600);
    expect(saidBy(await world.scan(run, code))).toBe('ticket-refunded');
    expect(saidBy(await world.scan(run, other))).toBe('in');
  });

  test('of a run that the carrier has closed is refused', async () => {
    const { run, code } = await boarding();
    await closeRun(world, run.runId);
    expect(saidBy(await world.scan(run, code))).toBe('run-closed');
  });

  test('lets in later if the run is late, and not before the gate opens', async () => {
    const { run, code, other } = await boarding();
    await putDelay(world.bookings, run.runId, 30);
    await putDelay(world.bookings, run.runId, 90);
    await putDelay(world.bookings, run.runId, 60);
    world.at(run, 0, -3601);
    expect(saidBy(await world.scan(run, code))).toBe('too-early-to-board');
    world.at(run, 0, 90 * 60 - 180);
    expect(saidBy(await world.scan(run, code))).toBe('in');
    world.pass(1);
    expect(await world.scan(run, other)).toMatchObject({
      reason: 'too-late-to-board',
      closedAt: '2026-12-05T02:32:00.000Z',
    });
  });

  test('of which nothing is stored is refused', async () => {
    const { run, code } = await boarding();
    const content = await contentOf(code);
    const ticketId = ticketIdOf(orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9A'), itemIdSchema.parse('1'));
    const lost = signCode(world.seed, { ...content, ticketId });
    expect(saidBy(await world.scan(run, lost))).toBe('ticket-unknown');
  });

  test('for a run that nobody has bought is for no gate', async () => {
    const { run, code } = await boarding();
    const content = await contentOf(code);
    const runId = 'G9~2026-12-05' as typeof run.runId;
    const strange = signCode(world.seed, { ...content, runId });
    expect(saidBy(await world.scan(run, strange, { run: runId }))).toBe('not-found');
  });
});

test('codes that are not ours are told apart, and change nothing', async () => {
  const { run, orderId, code } = await boarding();
  const content = await contentOf(code);
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
  const others = deriveKey('another secret', 'sign-tickets');
  const forged = bytes(signCode(others, content));
  bytes(code).copy(forged, 1, 1, 5);
  const newer = bytes(code);
  newer[0] = 2;
  const wrong: Record<string, string> = {
    '': 'code-damaged',
    'https://example.com/ticket?id=7': 'code-damaged',
    [code.slice(0, -7)]: 'code-damaged',
    [`${code}A`]: 'code-damaged',
    ['A'.repeat(200_000)]: 'code-damaged',
    [newer.toString('base64url')]: 'code-other-version',
    [signCode(others, content)]: 'code-unknown-key',
    [signCode(others, { ...content, carrierId: 'another' })]: 'code-other-carrier',
    [signCode(world.seed, { ...content, carrierId: 'another' })]: 'code-other-carrier',
    [forged.toString('base64url')]: 'code-forged',
    [signCode(world.seed, { ...content, seat: '1F' }).slice(0, -86) + code.slice(-86)]: 'code-forged',
  };
  for (const [text, reason] of Object.entries(wrong))
    expect([text.slice(0, 40), saidBy(await world.scan(run, text))]).toEqual([text.slice(0, 40), reason]);
  expect(saidBy(await world.scan(run, code))).toBe('in');
  expect((await world.stored(orderId)).tickets).toMatchObject([{ state: 'checkedIn' }, { state: 'issued' }]);
});

test('a carrier without rules checks nobody in', async () => {
  const { run, code } = await boarding();
  const none = { ...world.carrier, afterSale: { versions: [] } };
  const { checkIn } = await import('../../../shared/check-ins/check-in.ts');
  const scan = { code, runId: run.runId, stopId: 'S0', gateId: 'a' as never, useId: 'use-no-1' as never };
  const answer = await checkIn({ ...world.dependencies, readCode: world.readCode, carrier: none })(scan);
  expect(saidBy(answer)).toBe('check-in-not-offered');
});
