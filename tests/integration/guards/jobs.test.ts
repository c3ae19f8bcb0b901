import { putJob, readJob, saveStep, takeJob } from '../../../shared/disruption/jobs-store.ts';
import { jobSchema, jobStates, jobTransitions } from '../../../shared/disruption/model.ts';
import { disruptOrder } from '../../../shared/orders/disrupted-store.ts';
import type { OrderIn } from '../../../shared/orders/model.ts';
import { itemIdSchema, jobIdSchema, offerIdOf } from '../../../shared/platform/ids.ts';
import { ticketTransitions, type TicketState, type Waiver } from '../../../shared/tickets/model.ts';
import { refundWaivedTicket, waiveTicket } from '../../../shared/tickets/waiver-store.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';
import {
  found,
  future,
  isWritten,
  keyOfOrder,
  newOrderId,
  now,
  past,
  put,
  standingStates,
  statesWritten,
  storedOrder,
} from './stored.ts';

/* The conditions of T42, T43 and of the steps of a job. */

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

const jobId = jobIdSchema.parse('G1~2026-12-01~cancelled');
const other = jobIdSchema.parse('G1~2026-12-01~delay-90');
const ticketStates = Object.keys(ticketTransitions) as TicketState[];

type Given = { waiver?: Waiver; openOffer?: { validUntil: string } };

const stored = async (state: TicketState, given: Given = {}) => {
  const orderId = newOrderId();
  const [sample] = sampleTickets(sampleOrder('issued', { orderId }));
  const ticket = { ...sample!, orderId, itemId: itemIdSchema.parse('1') };
  const key = { pk: `ORDER#${orderId}`, sk: 'TICKET#1' };
  const openOffer = given.openOffer && { offerId: offerIdOf(orderId, orderId), ...given.openOffer };
  await put(tables.bookings, { ...key, ...ticket, state, ...given, ...(openOffer && { openOffer }) });
  return { ticket, key };
};

const waiverOf = (by = jobId, until = now): Waiver => ({ jobId: by, reason: 'run-cancelled', until });

describe('T42', () => {
  const disrupt = (order: OrderIn<'issued'>) =>
    isWritten(tables.bookings, disruptOrder(tables.bookings, order, { jobId, now }));
  const waive = async ({ ticket }: Awaited<ReturnType<typeof stored>>, replaced?: Waiver) =>
    isWritten(tables.bookings, waiveTicket(tables.bookings, ticket, { waiver: waiverOf(), replaced }));

  test('is for issued orders to which nothing has happened since, and tells once', async () => {
    const written = await statesWritten(standingStates, async (state) =>
      disrupt((await storedOrder(tables.bookings, state)) as OrderIn<'issued'>),
    );
    expect(written).toEqual(['issued']);
    const order = (await storedOrder(tables.bookings, 'issued')) as OrderIn<'issued'>;
    expect(await disrupt(order)).toBe(true);
    expect(await disrupt(order)).toBe(false);
    expect(await found(tables.bookings, keyOfOrder(order.orderId))).toMatchObject({
      state: 'issued',
      history: expect.arrayContaining([{ at: now, event: 'order-disrupted', subject: jobId }]),
    });
  });

  test('is for tickets that are valid, with the waiver that was read', async () => {
    expect(await statesWritten(ticketStates, async (state) => waive(await stored(state)))).toEqual([
      'issued',
    ]);
    expect(await waive(await stored('issued', { waiver: waiverOf(other) }))).toBe(false);
    expect(await waive(await stored('issued', { waiver: waiverOf(other) }), waiverOf(other))).toBe(true);
    expect(await waive(await stored('issued'), waiverOf(other))).toBe(false);
  });
});

describe('T43', () => {
  const payBack = async ({ ticket }: Awaited<ReturnType<typeof stored>>) =>
    isWritten(
      tables.bookings,
      refundWaivedTicket(tables.bookings, ticket, {
        offerId: offerIdOf(ticket.orderId, ticket.orderId),
        at: now,
        fee: { amount: 0, currency: 'CNY' },
        amount: ticket.fare,
        rule: { runCancelled: true, percent: 0 },
        jobId,
      }),
    );

  test('is for tickets that are valid and that this job has waived, once the waiver has ended', async () => {
    const given = await statesWritten(ticketStates, async (state) =>
      payBack(await stored(state, { waiver: waiverOf() })),
    );
    expect(given).toEqual(['issued']);
    expect(await payBack(await stored('issued'))).toBe(false);
    expect(await payBack(await stored('issued', { waiver: waiverOf(other) }))).toBe(false);
    expect(await payBack(await stored('issued', { waiver: waiverOf(jobId, future) }))).toBe(false);
    const over = await stored('issued', { waiver: waiverOf(jobId, past) });
    expect(await payBack(over)).toBe(true);
    expect(await payBack(over)).toBe(false);
    expect(await found(tables.bookings, over.key)).not.toHaveProperty('code');
  });

  test('waits for the end of an offer', async () => {
    const offered = (validUntil: string) =>
      stored('issued', { waiver: waiverOf(), openOffer: { validUntil } });
    expect(await payBack(await offered(future))).toBe(false);
    expect(await payBack(await offered(now))).toBe(true);
  });
});

describe('a job', () => {
  let days = 0;
  const newJob = async (more: object = {}) => {
    const runId = `G1~2027-01-${String((days += 1)).padStart(2, '0')}`;
    const job = jobSchema.parse({
      jobId: `${runId}~cancelled`,
      runId,
      disruption: { reason: 'run-cancelled' },
      state: 'begun',
      by: 'operator-1',
      createdAt: now,
      until: future,
      look: 1,
      shardsDone: 0,
      shards: 4,
      unsettled: 0,
      progress: { waived: 0, refunded: 0, ended: 0 },
      mark: newOrderId(),
      ...more,
    });
    return (await putJob(tables.bookings, job)).job;
  };
  const take = (job: Awaited<ReturnType<typeof newJob>>, holder: string, at = now) =>
    takeJob(tables.bookings, job, { holder, now: at, until: future });

  test('is announced once', async () => {
    const job = await newJob();
    expect(await putJob(tables.bookings, { ...job, by: 'operator-2' })).toMatchObject({
      isNew: false,
      job: { by: 'operator-1' },
    });
  });

  test('is taken by one worker at a time, and again when it is due', async () => {
    const job = await newJob();
    expect(await take(job, 'early', past)).toBeUndefined();
    expect(await take(job, 'one')).toMatchObject({ holder: 'one', dueAt: future });
    expect(await take(job, 'two')).toBeUndefined();
    expect(await take(job, 'three', future)).toMatchObject({ holder: 'three' });
    const step = (holder: string) =>
      saveStep(tables.bookings, job, { shardsDone: 1 }, { holder, dueAt: future });
    expect(await step('one')).toBeUndefined();
    expect(await step('three')).toMatchObject({ shardsDone: 1 });
  });

  test.each(jobStates)('in the state %s goes only where its table says', async (from) => {
    for (const to of jobStates) {
      const job = await newJob({ state: from });
      await take(job, 'one');
      const saved = await saveStep(tables.bookings, job, { state: to }, { holder: 'one', dueAt: future });
      expect([to, saved !== undefined]).toEqual([to, to === from || jobTransitions[from].includes(to)]);
    }
  });

  test('that is done is never due again', async () => {
    const job = await newJob({ state: 'refunding' });
    await take(job, 'one');
    const done = { state: 'done', doneAt: now } as const;
    await saveStep(tables.bookings, job, done, { holder: 'one', dueAt: undefined });
    expect(await take(job, 'two', future)).toBeUndefined();
    expect(await readJob(tables.bookings, job.jobId)).toMatchObject({ state: 'done', doneAt: now });
  });
});
