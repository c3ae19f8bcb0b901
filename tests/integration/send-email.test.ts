import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSEvent } from 'aws-lambda';
import type { MailPort, SendOutcome } from '../../shared/notifications/mail-port.ts';
import { sesMail } from '../../shared/notifications/ses-mail.ts';
import {
  noConfirmedAddress,
  type FindConfirmedAddress,
} from '../../shared/notifications/confirmed-address.ts';
import { sendNotification } from '../../shared/notifications/send-notification.ts';
import { readSent } from '../../shared/notifications/store.ts';
import { keyOfOrder } from '../../shared/orders/change-store.ts';
import type { Order } from '../../shared/orders/model.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { writeTogether, type Table } from '../../shared/platform/dynamo.ts';
import { publishedEventSchema, type PublishedEvent } from '../../shared/platform/events.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { newUlid } from '../../shared/platform/random.ts';
import { instantOf, instantSchema } from '../../shared/platform/time.ts';
import { grantedBy, refundedFor } from '../../shared/paying/refunded-for.ts';
import { drawCode } from '../../shared/tickets/draw-code.ts';
import { listTickets, putTicket } from '../../shared/tickets/store.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { testMail, type TestMail } from '../support/mail.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';
import { sampleOrder, sampleTickets } from '../support/sample-order.ts';

let tables: TestTables;
let inbox: TestMail;
const now = instantSchema.parse('2026-11-20T02:06:00.000Z');

beforeAll(async () => {
  [tables, inbox] = await Promise.all([testTables(), testMail()]);
});
afterAll(async () => {
  await inbox?.stop();
  await tables?.stop();
});
beforeEach(() => inbox.clear());

const freshOrderId = () => orderIdSchema.parse(newUlid(instantOf(Date.now())));

const keep = async (order: Order): Promise<void> => {
  await tables.bookings.client.send(
    new PutCommand({ TableName: tables.bookings.name, Item: { ...order, ...keyOfOrder(order.orderId) } }),
  );
};

/** An issued order with its tickets, stored. */
const keepIssued = async (more: Parameters<typeof sampleOrder>[1] = {}) => {
  const order = sampleOrder('issued', { orderId: freshOrderId(), ...more });
  const tickets = sampleTickets(order);
  await keep(order);
  await writeTogether(
    tables.bookings.client,
    tickets.map((ticket) => ({ label: ticket.ticketId, write: putTicket(tables.bookings, ticket) })),
  );
  return { order, tickets };
};

const eventOf = (orderId: string, event: string): PublishedEvent =>
  publishedEventSchema.parse({ eventId: `${orderId}#${event}`, event, orderId, at: now });

type Sender = { bookings?: Table; mail?: MailPort; confirmedAddressOf?: FindConfirmedAddress };
const sender = ({ bookings = tables.bookings, mail, confirmedAddressOf = noConfirmedAddress }: Sender = {}) =>
  sendNotification({
    bookings,
    mail:
      mail ??
      sesMail({
        from: 'tickets@example.com',
        configurationSet: 'Tickets',
        clock: () => now,
        client: inbox.client,
      }),
    clock: () => now,
    carrier: sampleCarrier,
    readOrder: (orderId) => readOrder(tables.bookings, orderId, { consistent: true }),
    listTickets: (orderId) => listTickets(tables.bookings, orderId, { consistent: true }),
    refundedFor: refundedFor(tables.bookings),
    grantedBy: grantedBy(tables.bookings),
    confirmedAddressOf,
    drawCode,
  });

const recordOf = ({ orderId, eventId }: PublishedEvent) =>
  readSent(tables.bookings, { orderId, eventId, channel: 'email' });

/** A mail service that answers as told, the last answer for ever. */
const mailThat = (...answers: (SendOutcome | Error)[]) => {
  let sent = 0;
  const mail: MailPort = {
    send: () => {
      const answer = answers[Math.min(sent, answers.length - 1)]!;
      sent += 1;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return { mail, sent: () => sent };
};

describe('before money has come', () => {
  const told = async (address: string | undefined) => {
    const order = sampleOrder('held', { orderId: freshOrderId(), contactConfirmed: false });
    await keep(order);
    const confirmedAddressOf = (userId: string) =>
      Promise.resolve(userId === order.userId ? address : undefined);
    return sender({ confirmedAddressOf })(eventOf(order.orderId, 'order-held'));
  };

  test('only the user’s own, confirmed address gets mail', async () => {
    expect(await told('Zhang@Example.com')).toBe('sent');
    expect(await told('li@example.com')).toBe('nothing-to-say');
    expect(await told(undefined)).toBe('nothing-to-say');
    expect(await inbox.received()).toHaveLength(1);
  });

  test('nobody is looked up for news that is no longer true', async () => {
    const asked = jest.fn(() => Promise.resolve(undefined));
    const order = sampleOrder('paid', { orderId: freshOrderId(), contactConfirmed: false });
    await keep(order);
    await sender({ confirmedAddressOf: asked })(eventOf(order.orderId, 'order-held'));
    expect(asked).not.toHaveBeenCalled();
  });
});

describe('tickets by mail', () => {
  test('arrive with the very bytes of their codes and calendar entries', async () => {
    const { order, tickets } = await keepIssued();
    expect(await sender()(eventOf(order.orderId, 'order-issued'))).toBe('sent');

    const [mail, ...others] = await inbox.received();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      from: 'tickets@example.com',
      destination: { to: ['zhang@example.com'] },
      subject: '出票成功：2026年12月1日周二 G1 北京南—上海虹桥',
    });
    expect(mail!.body.text).toContain('张三');
    const pictures = mail!.attachments.filter(({ contentType }) => contentType === 'image/png');
    expect(pictures.map(({ content }) => content)).toEqual(
      await Promise.all(tickets.map(async ({ code }) => (await drawCode(code!)).toString('base64'))),
    );
    for (const { contentId, contentDisposition } of pictures) {
      expect(contentDisposition).toBe('INLINE');
      expect(mail!.body.html).toContain(`cid:${contentId}`);
    }
    const entries = mail!.attachments.filter(({ contentType }) => contentType.startsWith('text/calendar'));
    expect(entries.map(({ content }) => Buffer.from(content, 'base64').toString())).toEqual(
      tickets.map(({ ticketId }) => expect.stringContaining(`UID:${ticketId}@keyun`)),
    );
  });

  test.each([
    'zhang@xn--fsqu00a.xn--fiqs8s',
    'a&b@example.com',
    'a=b@example.com',
    'first/last@example.com',
    "o'brien+tag@example.com",
  ])('arrive at %s', async (email) => {
    const { order } = await keepIssued({ contact: { email, locale: 'en' } });
    expect(await sender()(eventOf(order.orderId, 'order-issued'))).toBe('sent');
    expect((await inbox.received()).map(({ destination }) => destination.to)).toEqual([[email]]);
  });

  test('come in the language of the order', async () => {
    const { order } = await keepIssued({ locale: 'en' });
    await sender()(eventOf(order.orderId, 'order-issued'));
    expect((await inbox.received())[0]?.subject).toMatch(/^Your tickets: G1/);
  });
});

describe('a mail', () => {
  test('is sent once and recorded, however often its event comes', async () => {
    const { order } = await keepIssued();
    const event = eventOf(order.orderId, 'order-issued');
    const send = sender();
    expect([await send(event), await send(event), await send(event)]).toEqual([
      'sent',
      'sent-before',
      'sent-before',
    ]);
    expect(await inbox.received()).toHaveLength(1);
    expect(await recordOf(event)).toEqual({
      orderId: order.orderId,
      eventId: event.eventId,
      event: 'order-issued',
      channel: 'email',
      outcome: 'sent',
      at: now,
    });
  });

  test('is sent again after a crash between sending and recording', async () => {
    const { order } = await keepIssued();
    const event = eventOf(order.orderId, 'order-issued');
    const crash = new Error('the machine stopped');
    const { client } = tables.bookings;
    const crashingClient = new Proxy(client, {
      get: (target, name) =>
        name === 'send'
          ? (command: Parameters<typeof client.send>[0]) =>
              command instanceof UpdateCommand ? Promise.reject(crash) : target.send(command)
          : Reflect.get(target, name),
    });

    const crashing = sender({ bookings: { ...tables.bookings, client: crashingClient } });
    await expect(crashing(event)).rejects.toBe(crash);
    expect(await inbox.received()).toHaveLength(1);
    expect(await recordOf(event)).toBeUndefined();

    expect(await sender()(event)).toBe('sent');
    expect(await sender()(event)).toBe('sent-before');
    expect(await inbox.received()).toHaveLength(2);
  });

  test('that two deliveries send at once is recorded once, and neither fails', async () => {
    const { order } = await keepIssued();
    const event = eventOf(order.orderId, 'order-issued');
    const outcomes = await Promise.all([sender()(event), sender()(event)]);
    expect(outcomes).toContain('sent');
    expect(await sender()(event)).toBe('sent-before');
  });

  test('that nobody can ever send is recorded as refused, shown to a person and not tried again', async () => {
    const { order } = await keepIssued();
    const event = eventOf(order.orderId, 'order-issued');
    const { mail, sent } = mailThat({ outcome: 'refused', why: 'not-an-address' });
    expect(await sender({ mail })(event)).toBe('refused');
    expect(await sender({ mail })(event)).toBe('sent-before');
    expect(sent()).toBe(1);
    expect(await recordOf(event)).toMatchObject({ outcome: 'refused', why: 'not-an-address' });
    expect(await recordOf(event)).toHaveProperty('attention.why', 'order-issued: not-an-address');
  });

  test('that could not be sent now is tried again', async () => {
    const { order } = await keepIssued();
    const event = eventOf(order.orderId, 'order-issued');
    const { mail, sent } = mailThat(new Error('throttled'), { outcome: 'sent' });
    await expect(sender({ mail })(event)).rejects.toThrow('throttled');
    expect(await recordOf(event)).toBeUndefined();
    expect(await sender({ mail })(event)).toBe('sent');
    expect(sent()).toBe(2);
  });
});

describe('nothing is said', () => {
  test('about an order that is not there, or was fenced before it existed', async () => {
    const orderId = freshOrderId();
    expect(await sender()(eventOf(orderId, 'order-held'))).toBe('nothing-to-say');
    await keep({ state: 'void', orderId, voidedAt: now });
    expect(await sender()(eventOf(orderId, 'order-held'))).toBe('nothing-to-say');
    expect(await inbox.received()).toEqual([]);
  });

  test('that has been overtaken: no request to pay for an order that has its tickets', async () => {
    const { order } = await keepIssued();
    expect(await sender()(eventOf(order.orderId, 'order-held'))).toBe('nothing-to-say');
    expect(await inbox.received()).toEqual([]);
  });
});

describe('the function behind the queue', () => {
  const surroundings = process.env;
  afterEach(() => {
    process.env = surroundings;
  });

  test('sends what its messages ask for and gives back what it cannot read', async () => {
    const order = sampleOrder('held', { orderId: freshOrderId(), locale: 'en' });
    await keep(order);
    process.env = {
      ...surroundings,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
      AWS_ENDPOINT_URL_SESV2: inbox.endpoint,
      BOOKINGS_TABLE: tables.bookings.name,
      MAIL_FROM: 'tickets@example.com',
      MAIL_CONFIGURATION_SET: 'Tickets',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    };
    const { handler } = await import('../../functions/events/send-email.ts');
    const records = [JSON.stringify(eventOf(order.orderId, 'order-held')), '{"event":"order-held"}'].map(
      (body, index) => ({
        messageId: `message-${index}`,
        body,
        attributes: { ApproximateReceiveCount: '1' },
      }),
    );
    const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
    const answer = await handler({ Records: records } as unknown as SQSEvent, context);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect((await inbox.received()).map(({ subject }) => subject)).toEqual([
      'Please pay by 20 Nov, 10:15 (GMT+8): G1 北京南 to 上海虹桥',
    ]);
  });
});
