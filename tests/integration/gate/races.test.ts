import { checkIn } from '../../../shared/check-ins/check-in.ts';
import { submitRefund } from '../../../shared/paying/submit-refund.ts';
import { gateIdSchema, useIdSchema } from '../../../shared/platform/ids.ts';
import { countingTables } from '../../support/counting-table.ts';
import { gateWorld, saidBy, type GateWorld } from '../../support/gate-world.ts';
import { made } from '../../support/refund-world.ts';
import { stoppingAt, dyingAt, type Sent } from '../../support/stopping-table.ts';

/* A ticket at several gates, and a passenger who gives it back, at the same moment. */

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld({ opensBefore: 'P1D', closesAfter: 'PT1H', laterStops: true });
});
afterEach(() => world.stop());

const boarding = async () => {
  const run = await world.openRun('2026-12-05', 2);
  const orderId = await world.issued(run, [1, 2]);
  const [code = ''] = await world.codesOf(orderId);
  world.at(run, 0, -1800);
  return { run, orderId, code };
};

const isCheckIn = ({ input }: Sent): boolean => (input.UpdateExpression ?? '').includes('checkIn');
const isTransaction = ({ input }: Sent): boolean => 'TransactItems' in input;

test('of eight gates one lets the passenger in, and the others name it', async () => {
  const { run, code } = await boarding();
  const gates = Array.from({ length: 8 }, (_, n) => `gate-${n}`);
  const answers = await Promise.all(gates.map((gate) => world.scan(run, code, { gate })));
  const letIn = answers.flatMap((answer, n) => (answer.outcome === 'accepted' ? [`gate-${n}`] : []));
  expect(letIn).toHaveLength(1);
  for (const answer of answers)
    if (answer.outcome === 'rejected')
      expect(answer).toMatchObject({ reason: 'already-checked-in', firstUse: { gateId: letIn[0] } });
});

test('a gate that sends one scan twice at once is told twice to let the passenger in', async () => {
  const { run, code } = await boarding();
  const answers = await Promise.all([1, 2, 3].map(() => world.scan(run, code, { use: 'one-use-only' })));
  expect(answers.map(saidBy)).toEqual(['in', 'in', 'in']);
});

describe('a check-in and a refund at the same moment', () => {
  test('end one way: in, or given back', async () => {
    for (let n = 0; n < 6; n += 1) {
      const run = await world.openRun(`2026-12-${10 + n}`, 1);
      const orderId = await world.issued(run, [n], { user: `user-${n}` });
      const [code = ''] = await world.codesOf(orderId);
      world.at(run, 0, -1800);
      const offer = await made(world.offer(orderId, `user-${n}`));
      const [scanned, accepted] = await Promise.all([
        world.scan(run, code),
        world.accept(offer, `user-${n}`),
      ]);
      const { tickets, refunds } = await world.stored(orderId);
      const [ticket] = tickets;
      for (const { refundNumber } of refunds) await submitRefund(world.dependencies)(orderId, refundNumber);
      if (ticket?.state === 'checkedIn')
        expect([saidBy(scanned), saidBy(accepted)]).toEqual(['in', 'ticket-used']);
      else {
        expect(ticket?.state).toBe('refunded');
        expect([saidBy(scanned), saidBy(accepted)]).toEqual(['ticket-refunded', 'in']);
      }
      await world.expectClean(run);
    }
  });

  test('the gate comes between the decision of the refund and its write', async () => {
    const { run, orderId, code } = await boarding();
    const offer = await made(world.offer(orderId, 'user-1', [1]));
    const bookings = stoppingAt(world.bookings, isTransaction);
    const accepting = world.accept(offer, 'user-1', { bookings: bookings.table });
    await bookings.reached;
    expect(saidBy(await world.scan(run, code))).toBe('in');
    bookings.goOn();
    expect(saidBy(await accepting)).toBe('ticket-used');
    expect((await world.stored(orderId)).refunds).toEqual([]);
    expect(await world.owned(run)).toHaveLength(2);
    await world.expectClean(run);
  });

  test('the refund comes between the decision of the gate and its write', async () => {
    const { run, orderId, code } = await boarding();
    const offer = await made(world.offer(orderId, 'user-1', [1]));
    const bookings = stoppingAt(world.bookings, isCheckIn);
    const scanning = world.scan(run, code, { bookings: bookings.table });
    await bookings.reached;
    expect(saidBy(await world.accept(offer, 'user-1'))).toBe('in');
    bookings.goOn();
    expect(saidBy(await scanning)).toBe('ticket-refunded');
    await world.expectClean(run);
  });

  test('a ticket that was used gets no offer, alone or with others', async () => {
    const { run, orderId, code } = await boarding();
    await world.scan(run, code);
    expect(saidBy(await world.offer(orderId, 'user-1', [1]))).toBe('ticket-used');
    expect(saidBy(await world.offer(orderId, 'user-1', [1, 2]))).toBe('ticket-used');
    expect(await made(world.offer(orderId, 'user-1'))).toMatchObject({ tickets: [{ itemId: '2' }] });
  });
});

test('a function that dies at its write has let the passenger in or not, and the gate asks again', async () => {
  for (const when of ['before', 'after'] as const) {
    const run = await world.openRun(when === 'before' ? '2026-12-05' : '2026-12-06', 1);
    const orderId = await world.issued(run, [1]);
    const [code = ''] = await world.codesOf(orderId);
    world.at(run, 0, -1800);
    const { tables, death } = dyingAt([world.bookings], 1, when);
    void world.scan(run, code, { use: 'asked-twice', bookings: tables[0]! });
    await death;
    expect((await world.stored(orderId)).tickets).toMatchObject([
      { state: when === 'before' ? 'issued' : 'checkedIn' },
    ]);
    expect(saidBy(await world.scan(run, code, { use: 'asked-twice' }))).toBe('in');
  }
});

test('a check-in reads the run and writes the ticket, and a refused one reads the ticket at most', async () => {
  const { run, code } = await boarding();
  await world.readCode(code);
  const requestsOf = async (use: string, stopId: string): Promise<string[]> => {
    const { bookings, timetable } = world;
    const { tables, sent } = countingTables({ bookings, timetable });
    await checkIn({ ...world.dependencies, ...tables, readCode: world.readCode })({
      code,
      runId: run.runId,
      stopId,
      gateId: gateIdSchema.parse('north-1'),
      useId: useIdSchema.parse(use),
    });
    return sent;
  };
  expect(await requestsOf('use-no-1', 'S0')).toEqual(['Get timetable', 'Update bookings']);
  expect(await requestsOf('use-no-2', 'S0')).toEqual(['Get timetable', 'Update bookings']);
  expect(await requestsOf('use-no-3', 'S9')).toEqual(['Get timetable', 'Get bookings']);
});
