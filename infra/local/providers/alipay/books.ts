import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Delivery } from './delivery.ts';
import type { Trade } from './trade.ts';

/** What changes together: a trade with the notifications that tell of it. */
export type Entry = { trade?: Trade; deliveries?: Delivery[] };

/**
 * The sandbox's own books, kept apart from the product's on purpose, so that the two can be compared. An append-only
 * file of JSON lines: one line is one change and is written in one piece, so a process that is killed has either made
 * the change or not; a line that was cut off is the last one and is dropped.
 */
export type Books = {
  trade: (outTradeNo: string) => Trade | undefined;
  trades: () => Trade[];
  /** Those that time alone may still change: looked at all the time, so the others are left out. */
  unsettled: () => Trade[];
  deliveries: () => Delivery[];
  pending: () => Delivery[];
  write: (entry: Entry) => void;
  close: () => void;
};

/** Notifications that have ended are kept for so many, so that books of many trades stay quick. */
const endedDeliveriesMax = 2000;

const isUnsettled = ({ status, paysLateAt, paidAt }: Trade): boolean =>
  status === 'WAIT_BUYER_PAY' || (paysLateAt !== undefined && paidAt === undefined);

export const openBooks = (folder: string): Books => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'alipay-books.jsonl');
  const trades = new Map<string, Trade>();
  const unsettled = new Map<string, Trade>();
  const pending = new Map<string, Delivery>();
  const ended = new Map<string, Delivery>();
  const enter = (delivery: Delivery): void => {
    const { deliveryId, state } = delivery;
    if (state === 'pending') return void pending.set(deliveryId, delivery);
    pending.delete(deliveryId);
    ended.set(deliveryId, delivery);
    if (ended.size > endedDeliveriesMax) ended.delete(ended.keys().next().value ?? '');
  };
  const apply = ({ trade, deliveries: sent = [] }: Entry): void => {
    if (trade) {
      trades.set(trade.outTradeNo, trade);
      if (isUnsettled(trade)) unsettled.set(trade.outTradeNo, trade);
      else unsettled.delete(trade.outTradeNo);
    }
    for (const delivery of sent) enter(delivery);
  };
  const deliveries = (): Delivery[] => [...ended.values(), ...pending.values()];
  readEntries(file).forEach(apply);
  const all: Entry[] = [...trades.values()].map((trade) => ({ trade }));
  all.push({ deliveries: deliveries() });
  writeFileSync(`${file}.new`, all.map(lineOf).join(''));
  renameSync(`${file}.new`, file);
  const descriptor = openSync(file, 'a');
  return {
    trade: (outTradeNo) => trades.get(outTradeNo),
    trades: () => [...trades.values()],
    unsettled: () => [...unsettled.values()],
    deliveries,
    pending: () => [...pending.values()],
    write: (entry) => {
      writeSync(descriptor, lineOf(entry));
      apply(entry);
    },
    close: () => closeSync(descriptor),
  };
};

const lineOf = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

const readEntries = (file: string): Entry[] => {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  // What follows the last line break is empty, or was cut off.
  lines.pop();
  return lines.map((line) => JSON.parse(line) as Entry);
};
