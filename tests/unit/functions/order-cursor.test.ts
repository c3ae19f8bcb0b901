import * as fc from 'fast-check';
import { readCursor, writeCursor } from '../../../functions/compose/order-cursor.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';

const cursor = {
  orderId: orderIdSchema.parse('01JDQ4W4ZC5T5V7Y8J9K0M1N2P'),
  createdAt: '2026-11-20T02:06:00.000Z',
};
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a cursor comes back as it was written, and fits into a request', () => {
  expect(readCursor(writeCursor(cursor))).toEqual(cursor);
  expect(writeCursor(cursor).length).toBeLessThan(500);
});

test.each([
  ['nothing', ''],
  ['no base64', '%%%'],
  ['no JSON', 'AAAA'],
  ['null', encoded(null)],
  ['another id', encoded({ ...cursor, orderId: 'ORDER#1' })],
  ['another time', encoded({ ...cursor, createdAt: 'yesterday' })],
  ['a day that is none', encoded({ ...cursor, createdAt: '2026-02-30T00:00:00Z' })],
  ['a part alone', encoded({ orderId: cursor.orderId })],
])('%s is no cursor', (_, text) => {
  expect(readCursor(text)).toBeUndefined();
});

test('other fields of a forged cursor are dropped', () => {
  expect(readCursor(encoded({ ...cursor, userId: 'another', pk: 'ORDER#1' }))).toEqual(cursor);
});

test('whatever is sent as a cursor, reading it answers', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json().map(encoded)), (text) => {
      expect(readCursor(text)).toBeUndefined();
    }),
  );
});
