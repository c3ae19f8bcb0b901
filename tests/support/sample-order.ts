import {
  orderSchema,
  type Contact,
  type OrderIn,
  type OrderState,
  type CommittedOrder,
} from '../../shared/orders/model.ts';
import { deriveKey } from '../../shared/platform/secrets.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import type { SigningKey } from '../../shared/tickets/code-keys.ts';
import { ticketsOf } from '../../shared/tickets/issue.ts';
import { maskDocument, maskName, type Document } from '../../shared/users/document.ts';

export const sampleKey: SigningKey = {
  seed: deriveKey('a secret for tests', 'sign-tickets'),
  carrierId: 'cn-rail',
};

export type SamplePassenger = { name: string; document?: Document };

const passengers: SamplePassenger[] = [
  { name: '张三', document: { kind: 'cn-resident-id', number: '11010519491231002X' } },
  { name: 'Anna Schmidt', document: { kind: 'passport', number: 'C01X00T47', country: 'DEU' } },
];

const orderId = '01KBZ5Q7W8XN3V4M5T6R7S8P9A';

const givenUpAt = '2026-11-20T02:20:00.000Z';

/** What an item has in a state of its order, after money that came too late if there is any to refund. */
const itemStateOf = (state: OrderState, ticketId: string) => {
  switch (state) {
    case 'issued':
      return { state: 'ticketed', ticketId };
    case 'releasing':
      return { state: 'releasing', releaseDue: givenUpAt };
    case 'held':
    case 'closing':
    case 'paid':
      return { state: 'living' };
    default:
      return { state: 'released' };
  }
};

const itemOf = ({ name, document }: SamplePassenger, index: number) => ({
  itemId: String(index + 1),
  passenger: {
    name,
    nameMasked: maskName(name),
    type: 'adult',
    ...(document && { documentMasked: maskDocument(document) }),
  },
  class: 'second',
  fare: { amount: 55_300, currency: 'CNY' },
  place: {
    shard: { runId: 'G1~2026-12-01', class: 'second', shard: 0 },
    piece: { seat: index, from: 0, to: 3 },
    owner: 'A'.repeat(32),
    coach: '05',
    seat: `12${'ABCDF'.charAt(index)}`,
  },
});

/** The seat to which a passenger changes: of the same number, in another coach. */
const changedPlaceOf = (place: ReturnType<typeof itemOf>['place'], from: number) => ({
  ...place,
  shard: { ...place.shard, shard: 1 },
  piece: { ...place.piece, from },
  owner: 'B'.repeat(32),
  coach: '06',
});

/** An order from Beijing to Shanghai in the state wished, its passengers in seats 12A, 12B and so on. */
export const sampleOrder = <State extends Exclude<OrderState, 'void'>>(
  state: State,
  more: { passengers?: SamplePassenger[]; locale?: string } & Partial<
    Pick<
      CommittedOrder,
      | 'orderId'
      | 'userId'
      | 'createdAt'
      | 'trip'
      | 'from'
      | 'to'
      | 'contact'
      | 'contactConfirmed'
      | 'seatChange'
    >
  > = {},
): OrderIn<State> & { contact: Contact } => {
  const { passengers: travelling = passengers, locale = 'zh-CN', ...fields } = more;
  const id = fields.orderId ?? orderId;
  const items = travelling.map((passenger, index) => ({
    ...itemOf(passenger, index),
    ...(more.seatChange && {
      thenPlace: changedPlaceOf(itemOf(passenger, index).place, more.seatChange.index),
    }),
    ...itemStateOf(state, `${id}-${index + 1}`),
  }));
  return orderSchema.parse({
    orderId,
    userId: 'user-1',
    createdAt: '2026-11-20T02:00:00.000Z',
    runId: 'G1~2026-12-01',
    trip: 'G1',
    from: { stopId: 'VNP', name: '北京南', index: 0, departs: '2026-12-01T09:00:00+08:00' },
    to: { stopId: 'AOH', name: '上海虹桥', index: 3, arrives: '2026-12-01T13:28:00+08:00' },
    departsAt: '2026-12-01T01:00:00.000Z',
    arrivesAt: '2026-12-01T05:28:00.000Z',
    class: 'second',
    contact: { email: 'zhang@example.com', locale },
    contactConfirmed: true,
    amount: { amount: 55_300 * items.length, currency: 'CNY' },
    expiresAt: '2026-11-20T02:15:00.000Z',
    items: Object.fromEntries(items.map((item) => [item.itemId, item])),
    history: [{ at: '2026-11-20T02:00:00.000Z', event: 'order-held' }],
    execution: 1,
    paidBy: `${orderId}_1`,
    endReason: 'expired',
    ...fields,
    state,
  }) as OrderIn<State> & { contact: Contact };
};

/** The tickets that such an order gets. */
export const sampleTickets = (order: OrderIn<'paid' | 'issued'>) =>
  ticketsOf({
    order,
    issuedAt: instantSchema.parse('2026-11-20T02:05:00.000Z'),
    signingKey: sampleKey,
  });
