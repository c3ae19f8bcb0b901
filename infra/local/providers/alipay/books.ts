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
  deliveries: () => Delivery[];
  write: (entry: Entry) => void;
  close: () => void;
};

export const openBooks = (folder: string): Books => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'alipay-books.jsonl');
  const trades = new Map<string, Trade>();
  const deliveries = new Map<string, Delivery>();
  const apply = ({ trade, deliveries: sent = [] }: Entry): void => {
    if (trade) trades.set(trade.outTradeNo, trade);
    for (const delivery of sent) deliveries.set(delivery.deliveryId, delivery);
  };
  readEntries(file).forEach(apply);
  const all: Entry[] = [...trades.values()].map((trade) => ({ trade }));
  all.push({ deliveries: [...deliveries.values()] });
  writeFileSync(`${file}.new`, all.map(lineOf).join(''));
  renameSync(`${file}.new`, file);
  const descriptor = openSync(file, 'a');
  return {
    trade: (outTradeNo) => trades.get(outTradeNo),
    trades: () => [...trades.values()],
    deliveries: () => [...deliveries.values()],
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
