import type { Context, SQSEvent } from 'aws-lambda';
import type { Fate, MessageReport, NewlySent } from '../../shared/notifications/model.ts';
import { recordReport } from '../../shared/notifications/record-report.ts';
import { listSent, putSent, readSent } from '../../shared/notifications/store.ts';
import { orderIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import { logger } from '../../shared/platform/log.ts';
import { newUlid } from '../../shared/platform/random.ts';
import { instantOf, instantSchema, plusSeconds } from '../../shared/platform/time.ts';
import { listWhatNeedsAPerson, settle } from '../../shared/upkeep/attention.ts';
import { findSubject } from '../../shared/upkeep/find-subject.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { sesEvent } from '../support/ses-event.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables?.stop());

const now = instantSchema.parse('2026-11-20T02:06:00.000Z');
const later = plusSeconds(now, 3600);

const ticketMail = () => {
  const orderId = orderIdSchema.parse(newUlid(instantOf(Date.now())));
  return { orderId, eventId: `${orderId}-3`, event: 'order-issued', channel: 'email' } as const;
};
type Message = ReturnType<typeof ticketMail>;

const sent = (message: Message): NewlySent => ({ ...message, outcome: 'sent', at: now });
const record = (message: Message) => putSent(tables.bookings, sent(message), undefined);
const fateOf = (became: Fate['became'], at = now): Fate => ({ became, why: became, at });
const report = (message: Message, fate: Fate) =>
  recordReport({ bookings: tables.bookings, clock: () => now })({ ...message, fate });
const stored = (message: Message) => readSent(tables.bookings, message);

const asked = async (orderId: OrderId) => {
  const { items } = await listWhatNeedsAPerson(tables.bookings, { perShardMax: 50 });
  return items.filter((item) => item.orderId === orderId);
};

/** Each order of these things. */
const permutations = <Value>(values: readonly Value[]): Value[][] =>
  values.length <= 1
    ? [[...values]]
    : values.flatMap((value, n) => permutations(values.toSpliced(n, 1)).map((rest) => [value, ...rest]));

describe('what became of a ticket’s mail', () => {
  test('ends up the same in whatever order it is told, and however often', async () => {
    const told = (message: Message) => [
      () => record(message),
      () => report(message, fateOf('delayed')),
      () => report(message, fateOf('unclear')),
      () => report(message, fateOf('undelivered')),
    ];
    for (const order of permutations([0, 1, 2, 3])) {
      const message = ticketMail();
      for (const n of [...order, ...order]) await told(message)[n]!();
      expect({ order, is: await stored(message) }).toEqual({
        order,
        is: { ...sent(message), fate: fateOf('undelivered'), attention: expect.anything() as object },
      });
    }
  });

  test('a report that comes at the same time as the record loses nothing', async () => {
    const message = ticketMail();
    await Promise.all([record(message), report(message, fateOf('undelivered')), record(message)]);
    expect(await stored(message)).toMatchObject({ outcome: 'sent', at: now, fate: fateOf('undelivered') });
  });

  test('that was never recorded, because the sender died, is known to have gone out', async () => {
    const message = ticketMail();
    await report(message, fateOf('delayed'));
    expect(await stored(message)).toEqual({ ...message, outcome: 'sent', fate: fateOf('delayed') });
  });

  test('calls a person once, who settles it for good', async () => {
    const message = ticketMail();
    await record(message);
    await report(message, fateOf('delayed'));
    expect(await asked(message.orderId)).toEqual([]);
    await report(message, fateOf('undelivered'));
    const id = `${message.eventId}#email`;
    expect(await asked(message.orderId)).toEqual([
      {
        id,
        orderId: message.orderId,
        attention: { kind: 'mail-undelivered', why: 'order-issued: undelivered', since: now },
      },
    ]);
    expect(await findSubject(tables.bookings, id)).toMatchObject({ kind: 'message', id });

    const settled = settle({ bookings: tables.bookings, clock: () => now, findProvider: () => undefined });
    expect(await settled(id, { by: 'zhang', reason: 'told by phone' })).toMatchObject({
      outcome: 'accepted',
    });
    await report(message, fateOf('undelivered'));
    await report(message, fateOf('undelivered', later));
    expect(await asked(message.orderId)).toEqual([]);
  });

  test.each<[string, Partial<MessageReport>]>([
    ['a complaint: the ticket came', { fate: fateOf('complained') }],
    ['an answer that says nothing certain', { fate: fateOf('unclear') }],
    ['a request to pay that never arrives', { event: 'order-held', fate: fateOf('undelivered') }],
  ])('%s, calls nobody', async (_, change) => {
    const message = ticketMail();
    await record(message);
    const told = { ...message, fate: fateOf('delayed'), ...change };
    await recordReport({ bookings: tables.bookings, clock: () => now })(told);
    expect(await stored(message)).toMatchObject({ fate: told.fate });
    expect(await asked(message.orderId)).toEqual([]);
  });

  test('is listed with the order’s other mails', async () => {
    const message = ticketMail();
    const first = { ...sent(message), eventId: `${message.orderId}-0`, event: 'order-held' as const };
    await record(message);
    await putSent(tables.bookings, first, undefined);
    await report(message, fateOf('complained'));
    expect(await listSent(tables.bookings, message.orderId)).toEqual([
      first,
      { ...sent(message), fate: fateOf('complained') },
    ]);
  });
});

describe('the function behind the queue of reports', () => {
  const surroundings = process.env;
  afterEach(() => {
    process.env = surroundings;
    jest.restoreAllMocks();
  });

  test('records what it can read, gives back the rest, and logs nobody’s address', async () => {
    process.env = {
      ...surroundings,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
      BOOKINGS_TABLE: tables.bookings.name,
    };
    const lines: unknown[] = [];
    for (const level of ['info', 'warn', 'error'] as const)
      jest.spyOn(logger, level).mockImplementation((...line) => void lines.push(line));
    const { handler } = await import('../../functions/events/record-mail-report.ts');
    const message = ticketMail();
    const bounce = {
      bounceType: 'Permanent',
      bounceSubType: 'NoEmail',
      bouncedRecipients: [
        { emailAddress: 'wang@example.com', status: '5.1.1', diagnosticCode: 'wang@example.com?' },
      ],
    };
    const events = [
      sesEvent('Email Bounced', { bounce }, { 'keyun-event': [message.eventId] }),
      sesEvent('Email Bounced', { bounce }, { 'keyun-event': ['wang@example.com'] }),
    ];
    const records = events.map((event, n) => ({ messageId: `message-${n}`, body: JSON.stringify(event) }));
    const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
    const answer = await handler({ Records: records } as unknown as SQSEvent, context);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect(await stored(message)).toMatchObject({
      fate: { became: 'undelivered', why: 'bounced: Permanent, NoEmail, 5.1.1' },
    });
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain('wang');
  });
});
