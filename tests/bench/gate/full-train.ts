import { keyOfOrder } from '../../../shared/orders/change-store.ts';
import { orderSchema, type OrderIn } from '../../../shared/orders/model.ts';
import { nameOfPiece } from '../../../shared/inventory/pieces.ts';
import { ownerBytes, ownerOf } from '../../../shared/inventory/owner.ts';
import { shardsOf } from '../../../shared/inventory/shards.ts';
import { keyOf } from '../../../shared/inventory/store.ts';
import { bookingKey } from '../../../shared/bookings/keys.ts';
import { writeAll } from '../../../shared/platform/batch-write.ts';
import type { Item } from '../../../shared/platform/dynamo.ts';
import { itemIdSchema, orderIdSchema, ticketIdOf } from '../../../shared/platform/ids.ts';
import { newUlid } from '../../../shared/platform/random.ts';
import { deriveKey } from '../../../shared/platform/secrets.ts';
import { inZone } from '../../../shared/platform/time.ts';
import { ticketKeyOf, type SigningKey } from '../../../shared/tickets/code-keys.ts';
import { ticketsOf } from '../../../shared/tickets/issue.ts';
import { publishKeys } from '../../../shared/tickets/keys-store.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import type { BenchTables } from '../bench-tables.ts';
import { openTrains, saleTime, secondClass, trainOf } from '../train.ts';

export const benchKey: SigningKey = { seed: deriveKey('bench', 'sign-tickets'), carrierId: 'bench' };

/** A seat of the train, its shard, and its number there. */
type Sold = { shard: number; index: number; coach: string; seat: string };

/** The paid order of one passenger who travels the whole way in this seat. */
const orderFor = (run: Run, { shard, index, coach, seat }: Sold): OrderIn<'paid'> => {
  const orderId = orderIdSchema.parse(newUlid(saleTime));
  const [from, to] = [run.stops[0]!, run.stops.at(-1)!];
  const fare = { amount: 55_300, currency: 'CNY' };
  const nonce = Buffer.alloc(4, index);
  return orderSchema.parse({
    orderId,
    userId: `user-${orderId}`,
    createdAt: saleTime,
    runId: run.runId,
    trip: run.trip,
    from: { stopId: from.stopId, name: from.name, index: 0, departs: inZone(from.departs, from.timeZone) },
    to: {
      stopId: to.stopId,
      name: to.name,
      index: run.stops.length - 1,
      arrives: inZone(to.arrives, to.timeZone),
    },
    departsAt: from.departs,
    arrivesAt: to.arrives,
    class: secondClass,
    contact: { email: 'zhang@example.com', locale: 'zh-CN' },
    amount: fare,
    expiresAt: saleTime,
    items: {
      1: {
        itemId: '1',
        state: 'living',
        passenger: { name: '张三', nameMasked: '张*', type: 'adult', documentMasked: '1101***********02X' },
        class: secondClass,
        fare,
        place: {
          shard: { runId: run.runId, generation: 1, class: secondClass, shard },
          piece: { seat: index, from: 0, to: run.stops.length - 1 },
          owner: ownerOf(orderId, nonce, saleTime),
          coach,
          seat,
        },
      },
    },
    history: ['order-held', 'order-paid', 'order-issued'].map((event) => ({ at: saleTime, event })),
    execution: 1,
    paidBy: `${orderId}_1`,
    state: 'paid',
  }) as OrderIn<'paid'>;
};

const issuedItem = (order: OrderIn<'paid'>): Item => {
  const itemId = itemIdSchema.parse('1');
  const [item] = Object.values(order.items);
  const ticketed = { ...item, state: 'ticketed', ticketId: ticketIdOf(order.orderId, itemId) };
  return { ...keyOfOrder(order.orderId), ...order, state: 'issued', items: { 1: ticketed } };
};

/** A train whose every seat is sold for the whole way, one passenger an order, as it is stored. Returns its codes. */
export const sellFullTrain = async (
  tables: BenchTables,
  { seats, segments }: { seats: number; segments: number },
): Promise<{ run: Run; codes: string[] }> => {
  const run = trainOf({ seats, segments }, 1);
  await openTrains(tables.timetable, [run]);
  await publishKeys(tables.bookings, [ticketKeyOf(benchKey.seed)]);
  const shards = shardsOf(run.layout, secondClass);
  const orders = shards.map((all, shard) => all.map((seat) => orderFor(run, { ...seat, shard })));
  const tickets = orders
    .flat()
    .flatMap((order) => ticketsOf({ order, issuedAt: saleTime, signingKey: benchKey }));
  await writeAll(tables.bookings, [
    ...orders.flat().map(issuedItem),
    ...tickets.map((ticket) => ({ ...bookingKey('ticket', ticket.orderId, ticket.itemId), ...ticket })),
  ]);
  await writeAll(
    tables.inventory,
    orders.map((all, shard) => ({
      pk: keyOf({ runId: run.runId, generation: 1, class: secondClass, shard }),
      ...Object.fromEntries(
        all.map(({ items }) => {
          const { place } = items['1']!;
          return [nameOfPiece(place.piece), ownerBytes(place.owner)];
        }),
      ),
    })),
  );
  return { run, codes: tickets.map(({ code }) => code) };
};
