import { orderFromItem } from '../../shared/orders/store.ts';
import { plusSeconds, type Instant } from '../../shared/platform/time.ts';
import type { Carrier } from '../../shared/platform/carrier.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';
import { makeBudgetCheck } from './budget-check.ts';
import { seeAttention } from './in-sight.ts';
import { seeKind } from './judged-kinds.ts';
import type { Wrong } from './wrong.ts';
import type { StreamRecord } from '../../shared/platform/stream-records.ts';
import { faultsOfItems, itemsAlive, piecesIn, seatsOfItem, shardKeyOf, type Item } from './protocol.ts';

const stateOf = (item: Item | undefined): string => (item ? String(item['state']) : 'absent');

/** The stretches of a seat that an order's living items sit on: one for each stop that the train leaves. */
const seatsOf = (order: Item): string[] =>
  itemsAlive(order)
    .flatMap(seatsOfItem)
    .flatMap(({ shard, piece }) =>
      Array.from(
        { length: piece.to - piece.from },
        (_, index) => `${shardKeyOf(shard)} seat ${piece.seat} from ${piece.from + index}`,
      ),
    );

/**
 * What T6 and T7 promise, in the order of the writes: a payment is only begun while its order is held; and seats are
 * given up only when no money waits for its use, and none can come any more or the grace is over.
 */
const makePartitionCheck = () => {
  const partitions = new Map<string, Map<string, Item>>();

  return (pk: string, sk: string, item: Item, moved: boolean): Wrong[] => {
    const partition = partitions.get(pk) ?? new Map<string, Item>();
    partitions.set(pk, partition);
    const isNew = !partition.has(sk);
    partition.set(sk, item);
    const order = partition.get('ORDER');
    if (isNew && sk.startsWith('PAYMENT#') && order?.['state'] !== 'held')
      return [
        { rule: 'begun-while-held', what: `${sk} was begun while its order was ${String(order?.['state'])}` },
      ];
    if (sk !== 'ORDER' || !moved || item['state'] !== 'releasing') return [];
    const since = lastEventAt(item);
    const graceIsOver = since >= plusSeconds(item['expiresAt'] as Instant, sampleCarrier.closingGraceSeconds);
    return [...partition].flatMap(([key, payment]) => {
      if (!key.startsWith('PAYMENT#')) return [];
      if (payment['capturedAt'] && !payment['appliedAt'])
        return [
          { rule: 'money-stops-release', what: `${pk} gave up its seats while ${key} waited for its use` },
        ];
      const isOpen = payment['state'] === 'created' || payment['state'] === 'pending';
      return isOpen && !graceIsOver
        ? [{ rule: 'closed-before-released', what: `${pk} gave up its seats while ${key} could be paid` }]
        : [];
    });
  };
};

/**
 * What can be said of every single write, in the order of the writes: no seat is ever two living items', states change
 * only as their tables say, a history only grows, and what was booked stays as it is.
 */
export const makeSafetyCheck = (carrier: Carrier) => {
  const seeBudgets = makeBudgetCheck(carrier);
  const sold = new Map<string, string>();
  const transitions = new Map<string, number>();
  const seePartition = makePartitionCheck();

  const checkSeats = (orderId: string, order: Item, report: (what: string) => void): void => {
    const now = seatsOf(order);
    for (const [seat, owner] of sold) if (owner === orderId) sold.delete(seat);
    if (new Set(now).size < now.length) report(`two items of ${orderId} sit on one seat`);
    for (const seat of now) {
      const other = sold.get(seat);
      if (other) report(`${seat} is sold to ${other} and to ${orderId}`);
      sold.set(seat, orderId);
    }
  };

  return {
    /** How often each state was followed by each other: what the simulation has been through. */
    transitions,
    seeBooking: (record: StreamRecord): Wrong[] => {
      const { keys, newImage, oldImage } = record;
      const wrong: Wrong[] = seeAttention(record);
      const sk = String(keys['sk']);
      const name = `${String(keys['pk'])} ${sk}`;
      const report = (rule: string) => (what: string) => void wrong.push({ rule, what });
      wrong.push(...seeKind(name, oldImage, newImage));
      if (!newImage) {
        report('kept-as-written')(`${name} was deleted`);
        return wrong;
      }
      const [before, after] = [stateOf(oldImage), stateOf(newImage)];
      const moved = before !== after;
      if (moved && newImage['state']) {
        const transition = `${sk.split('#', 1)[0]?.toLowerCase()} ${before}→${after}`;
        transitions.set(transition, (transitions.get(transition) ?? 0) + 1);
      }
      wrong.push(...seePartition(String(keys['pk']), sk, newImage, moved));
      if (sk === 'ORDER') {
        // What the product could not read again would be a fault as well.
        wrong.push(...seeBudgets(before, orderFromItem(newImage)));
        checkSeats(String(keys['pk']).slice('ORDER#'.length), newImage, report('sold-once'));
        for (const fault of faultsOfItems(newImage))
          report('items-as-order')(`${name} is ${after}: ${fault}`);
        const issuedAt = moved && after === 'issued' ? lastEventAt(newImage) : '';
        if (issuedAt >= String(newImage['departsAt']))
          report('no-ticket-after-departure')(`${name} was issued at ${issuedAt}`);
        if (!historyOf(newImage).startsWith(historyOf(oldImage)))
          report('kept-as-written')(`the history of ${name} was rewritten`);
      }
      return wrong;
    },
    /** The pieces of a seat never lose or gain a stretch. */
    seeShard: ({ keys, newImage = {}, oldImage }: StreamRecord): Wrong[] => {
      const [before, after] = [oldImage ? linesOf(oldImage) : undefined, linesOf(newImage)];
      if (before === undefined || before === after) return [];
      return [{ rule: 'line-kept', what: `${String(keys['pk'])} was ${before} and is ${after}` }];
    },
  };
};

const lastEventAt = (item: Item): Instant =>
  ((item['history'] as { at: Instant }[]).at(-1) as { at: Instant }).at;

const historyOf = (item: Item | undefined): string =>
  ((item?.['history'] ?? []) as { at: string; event: string }[])
    .map(({ at, event }) => `${at} ${event}\n`)
    .join('');

/** Which stretch of which seat has how many pieces. */
const linesOf = (item: Item): string => {
  const counts = new Map<string, number>();
  for (const { seat, from, to } of piecesIn(item)) {
    for (let stop = from; stop < to; stop += 1) {
      const key = `${seat}@${stop}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([key, count]) => `${key}×${count}`)
    .sort()
    .join(' ');
};
