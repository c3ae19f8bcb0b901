import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { shardsOf } from '../../shared/inventory/shards.ts';
import { readShards } from '../../shared/inventory/store.ts';
import { itemsOf, livingItems, type CommittedOrder } from '../../shared/orders/model.ts';
import { isOrderKey, orderFromItem } from '../../shared/orders/store.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import type { Run } from '../../shared/timetable/model.ts';
import type { BenchTables } from './bench-tables.ts';
import { secondClass } from './train.ts';

export type Audit = {
  orders: number;
  /** Seat-segments that orders own. */
  sold: number;
  /** Seat-segments that two owners claim, in orders or in shards, and those of orders that no shard gives to them. */
  oversold: number;
  /** Seat-segments that a shard gives to an owner whom no order names. */
  orphaned: number;
};

/** Compares all orders with all shards, by nothing that the sale itself believes. */
export const auditSale = async (tables: BenchTables, runs: readonly Run[]): Promise<Audit> => {
  const orders = await allOrders(tables);
  const inShards = new Map<string, string>();
  const inOrders = new Map<string, string>();
  let oversold = 0;
  const claim = (book: Map<string, string>, seat: string, from: number, to: number, owner: string) => {
    for (let segment = from; segment < to; segment += 1) {
      const key = `${seat} ${segment}`;
      if (book.has(key)) oversold += 1;
      book.set(key, owner);
    }
  };
  for (const run of runs) {
    const keys = shardsOf(run.layout, secondClass).map((_, shard) => ({
      runId: run.runId,
      generation: run.generation,
      class: secondClass,
      shard,
    }));
    for (const [shard, state] of (await readShards(tables.inventory, keys)).entries())
      for (const { seat, from, to, owner } of state?.pieces.values() ?? [])
        if (owner !== 'free') claim(inShards, `${run.runId} ${shard} ${seat}`, from, to, owner);
  }
  for (const { place } of orders.flatMap(livingItems)) {
    const { runId, shard } = place.shard;
    claim(inOrders, `${runId} ${shard} ${place.piece.seat}`, place.piece.from, place.piece.to, place.owner);
  }
  for (const [key, owner] of inOrders) if (inShards.get(key) !== owner) oversold += 1;
  const orphaned = [...inShards.keys()].filter((key) => !inOrders.has(key)).length;
  return {
    orders: orders.filter((order) => itemsOf(order).length > 0).length,
    sold: inOrders.size,
    oversold,
    orphaned,
  };
};

const allOrders = async ({ bookings }: BenchTables): Promise<CommittedOrder[]> => {
  const orders: CommittedOrder[] = [];
  let start: Item | undefined;
  do {
    const page = await bookings.client.send(
      new ScanCommand({
        TableName: bookings.name,
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    for (const item of page.Items ?? []) {
      const order = isOrderKey(item) ? orderFromItem(item) : undefined;
      if (order && order.state !== 'void') orders.push(order);
    }
    start = page.LastEvaluatedKey;
  } while (start);
  return orders;
};
