import { bookingKey, bookingKeys, idOf, kindOf, numberOf, orderIdOf } from '../../../shared/bookings/keys.ts';
import { kinds, type Kind } from '../../../shared/bookings/kinds.ts';

const orderId = '01KBZ5Q7W8XN3V4M5T6R7S8P9A';

describe('keys of Bookings', () => {
  test('a key is what is stored, and has always been', () => {
    expect(bookingKey('order', orderId)).toEqual({ pk: `ORDER#${orderId}`, sk: 'ORDER' });
    expect(bookingKey('payment', orderId, `${orderId}_1`)).toEqual({
      pk: `ORDER#${orderId}`,
      sk: `PAYMENT#${orderId}_1`,
    });
    expect(bookingKey('refusedNotification', 'alipay#n')).toEqual({
      pk: 'NOTIFICATION#alipay#n',
      sk: 'REFUSED',
    });
    expect(bookingKeys('ticket', orderId)).toEqual({ pk: `ORDER#${orderId}`, skPrefix: 'TICKET#' });
  });

  test.each(Object.keys(kinds) as Kind[])('%s is known by its key again', (kind) => {
    const { partition, sort } = kinds[kind];
    const number = sort.endsWith('#') ? 'a#b' : '';
    const key = { pk: `${partition}#x#y`, sk: `${sort}${number}` };
    expect([kindOf(key), idOf(key.pk), numberOf(key.sk)]).toEqual([kind, 'x#y', number]);
  });

  test.each([
    { pk: `ORDER#${orderId}`, sk: 'UNHEARD-OF' },
    { pk: `ORDER#${orderId}`, sk: 'PAYMENT' },
    { pk: `CLAIM#${orderId}`, sk: 'ORDER' },
    { pk: undefined, sk: undefined },
  ])('$pk $sk is no kind', (key) => {
    expect(kindOf(key)).toBeUndefined();
  });

  test('an order is found in the keys of its items, and in no other', () => {
    expect(orderIdOf(`ORDER#${orderId}`)).toBe(orderId);
    expect(orderIdOf(`USER#${orderId}`)).toBeUndefined();
    expect(orderIdOf('ORDER#no-id')).toBeUndefined();
  });
});
