import { stopIdSchema } from '../../../shared/platform/ids.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { ticketKeyOf } from '../../../shared/tickets/code-keys.ts';
import { readCode } from '../../../shared/tickets/code.ts';
import { ticketsOf } from '../../../shared/tickets/issue.ts';
import { sampleKey, sampleOrder, sampleTickets } from '../../support/sample-order.ts';

const contentOf = (code: string) => {
  const read = readCode({ keys: [ticketKeyOf(sampleKey.seed)], carrierId: sampleKey.carrierId }, code);
  if (read.outcome !== 'accepted') throw new Error(read.reason);
  return read.content;
};

describe('the tickets of a paid order', () => {
  const order = sampleOrder('paid');
  const tickets = sampleTickets(order);

  test('are one for each passenger, in their seats', () => {
    expect(tickets.map(({ ticketId, seat, passenger }) => [ticketId, seat, passenger])).toEqual([
      [`${order.orderId}-1`, '12A', { name: '张三', document: '1101***********02X' }],
      [`${order.orderId}-2`, '12B', { name: 'Anna Schmidt', document: 'C******47' }],
    ]);
  });

  test('say where passengers change seats, and to which', () => {
    const change = {
      stopId: stopIdSchema.parse('JNA'),
      name: '济南西',
      index: 1,
      departs: '2026-12-01T10:24:00+08:00',
    };
    const [ticket] = sampleTickets(sampleOrder('paid', { seatChange: change }));
    expect(ticket).toMatchObject({
      coach: '05',
      seat: '12A',
      seatChange: { stopId: 'JNA', name: '济南西', departs: change.departs, coach: '06', seat: '12A' },
    });
    expect(contentOf(ticket!.code)).toMatchObject({ coach: '05', seat: '12A' });
  });

  test('are the same when they are made again', () => {
    expect(sampleTickets(order)).toEqual(tickets);
  });

  test('differ in nothing but the time of issue when they are made later', () => {
    const issuedAt = instantSchema.parse('2026-11-20T02:09:00.000Z');
    expect(ticketsOf({ order, issuedAt, signingKey: sampleKey })).toEqual(
      tickets.map((ticket) => ({ ...ticket, issuedAt })),
    );
  });

  test('are not made for passengers whose seat was given up', () => {
    const [first, second] = Object.values(order.items);
    const items = { 1: { ...first!, state: 'released' as const }, 2: second! };
    expect(sampleTickets({ ...order, items }).map(({ itemId }) => itemId)).toEqual(['2']);
  });

  test('carry codes that say who travels where, and no more of a document than its mask shows', () => {
    expect(tickets.map(({ code }) => contentOf(code))).toMatchObject([
      { runId: 'G1~2026-12-01', from: 'VNP', to: 'AOH', seat: '12A', initials: '张', documentTail: '02X' },
      { runId: 'G1~2026-12-01', from: 'VNP', to: 'AOH', seat: '12B', initials: 'AS', documentTail: '47' },
    ]);
  });

  test('are valid from a day before departure until six hours after arrival', () => {
    const { validFrom, validUntil } = contentOf(tickets[0]!.code);
    expect(new Date(validFrom * 1000).toISOString()).toBe('2026-11-30T01:00:00.000Z');
    expect(new Date(validUntil * 1000).toISOString()).toBe('2026-12-01T11:28:00.000Z');
  });

  test('need no document', () => {
    const [ticket] = sampleTickets(sampleOrder('paid', { passengers: [{ name: '张三' }] }));
    expect(ticket?.passenger).toEqual({ name: '张三' });
    expect(contentOf(ticket!.code).documentTail).toBeUndefined();
  });
});
