import { eventsOf } from '../../../shared/selling/events-of.ts';
import { sampleOrder } from '../../support/sample-order.ts';

const order = sampleOrder('held');
const of = (sk: string) => ({ keys: { pk: `ORDER#${order.orderId}`, sk } });
const entry = (event: string) => ({ at: '2026-11-20T02:00:00.000Z', event });

describe('what a change of an item says to the world', () => {
  test('an order says what its write appended, and each of it once', () => {
    const before = { orderId: order.orderId, history: [entry('order-held')] };
    const after = { ...before, history: [...before.history, entry('order-paid'), entry('order-issued')] };
    expect(
      eventsOf({ ...of('ORDER'), newImage: before }).map(({ eventId, event }) => [eventId, event]),
    ).toEqual([[`${order.orderId}-0`, 'order-held']]);
    expect(
      eventsOf({ ...of('ORDER'), oldImage: before, newImage: after }).map(({ eventId }) => eventId),
    ).toEqual([`${order.orderId}-1`, `${order.orderId}-2`]);
    expect(eventsOf({ ...of('ORDER'), oldImage: after, newImage: after })).toEqual([]);
  });

  test('a void order says nothing', () => {
    expect(eventsOf({ ...of('ORDER'), newImage: { orderId: order.orderId, state: 'void' } })).toEqual([]);
  });

  test('a payment speaks once, when it is captured', () => {
    const pending = { orderId: order.orderId, paymentId: `${order.orderId}_1` };
    const captured = { ...pending, capturedAt: '2026-11-20T02:00:00.000Z' };
    expect(eventsOf({ ...of('PAYMENT#x'), newImage: pending })).toEqual([]);
    expect(eventsOf({ ...of('PAYMENT#x'), oldImage: pending, newImage: captured })).toMatchObject([
      { event: 'payment-captured', subject: `${order.orderId}_1` },
    ]);
    expect(
      eventsOf({ ...of('PAYMENT#x'), oldImage: captured, newImage: { ...captured, appliedAt: 'x' } }),
    ).toEqual([]);
  });

  test('a refund speaks when it is requested, and other items not at all', () => {
    const refund = { orderId: order.orderId, refundNumber: 'n', requestedAt: '2026-11-20T02:00:00.000Z' };
    expect(eventsOf({ ...of('REFUND#n'), newImage: refund })).toMatchObject([
      { event: 'refund-requested', subject: 'n' },
    ]);
    expect(eventsOf({ ...of('REFUND#n'), oldImage: refund, newImage: refund })).toEqual([]);
    expect(eventsOf({ ...of('TICKET#1'), newImage: {} })).toEqual([]);
  });

  test('what is deleted at the end of its time says nothing', () => {
    const gone = {
      orderId: order.orderId,
      history: [entry('order-held')],
      paymentId: `${order.orderId}_1`,
      capturedAt: '2026-11-20T02:00:00.000Z',
      refundNumber: 'n',
      requestedAt: '2026-11-20T02:00:00.000Z',
    };
    for (const sortKey of ['ORDER', 'PAYMENT#x', 'REFUND#n', 'SUSPECT#x', 'TICKET#1'])
      expect(eventsOf({ ...of(sortKey), oldImage: gone })).toEqual([]);
  });
});
