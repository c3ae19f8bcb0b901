import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Delivery } from './delivery.ts';
import type { Code } from './code.ts';
import type { Trade } from './trade.ts';

/** What changes together: a trade and the notifications about it, or a code that nobody has scanned. */
export type Entry = { trade?: Trade; deliveries?: Delivery[]; code?: Code };

/** We keep this many finished trades and finished notifications, and delete the oldest beyond them. */
export type BooksMax = { settled: number; ended: number };

const pruneEvery = 500;

const tables = `
  CREATE TABLE IF NOT EXISTS trades (
    id INTEGER PRIMARY KEY, outTradeNo TEXT UNIQUE, tradeNo TEXT, isOpen INTEGER NOT NULL, content TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS tradeNo ON trades (tradeNo);
  CREATE INDEX IF NOT EXISTS openTrades ON trades (isOpen);
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, deliveryId TEXT UNIQUE, outTradeNo TEXT, isOpen INTEGER NOT NULL, content TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS ofTrade ON deliveries (outTradeNo);
  CREATE TABLE IF NOT EXISTS codes (
    id INTEGER PRIMARY KEY, code TEXT UNIQUE, isOpen INTEGER NOT NULL, content TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS openDeliveries ON deliveries (isOpen)`;

const removalFrom = (table: 'trades' | 'deliveries' | 'codes'): string => `
  DELETE FROM ${table} WHERE isOpen = 0 AND id <= coalesce(
    (SELECT id FROM ${table} WHERE isOpen = 0 ORDER BY id DESC LIMIT 1 OFFSET :max), 0)`;

const openFile = (folder: string): DatabaseSync => {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'alipay-books.sqlite'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${tables}`);
  return database;
};

/** The file of the sandbox's books: one write is one transaction, so that a kill leaves all of it or nothing. */
export const openBooksFile = (folder: string, max: BooksMax, isUnsettled: (trade: Trade) => boolean) => {
  const database = openFile(folder);
  const putTrade = database.prepare(`
    INSERT INTO trades (outTradeNo, tradeNo, isOpen, content) VALUES (:outTradeNo, :tradeNo, :isOpen, :content)
    ON CONFLICT (outTradeNo) DO UPDATE SET isOpen = :isOpen, content = :content`);
  const putDelivery = database.prepare(`
    INSERT INTO deliveries (deliveryId, outTradeNo, isOpen, content) VALUES (:deliveryId, :outTradeNo, :isOpen, :content)
    ON CONFLICT (deliveryId) DO UPDATE SET isOpen = :isOpen, content = :content`);
  const putCode = database.prepare('INSERT INTO codes (code, isOpen, content) VALUES (:code, 0, :content)');
  const pruneCodes = database.prepare(removalFrom('codes'));
  const pruneTrades = database.prepare(removalFrom('trades'));
  const pruneDeliveries = database.prepare(removalFrom('deliveries'));
  const select = <Content>(rest: string) => {
    const statement = database.prepare(`SELECT content FROM ${rest}`);
    return (...values: (string | number)[]): Content[] =>
      statement.all(...values).map(({ content }) => JSON.parse(String(content)) as Content);
  };
  let written = 0;

  const store = ({ trade, deliveries = [], code }: Entry): void => {
    if (code) putCode.run({ code: code.code, content: JSON.stringify(code) });
    if (trade) {
      const { outTradeNo, tradeNo } = trade;
      putTrade.run({
        outTradeNo,
        tradeNo,
        isOpen: Number(isUnsettled(trade)),
        content: JSON.stringify(trade),
      });
    }
    for (const delivery of deliveries) {
      const { deliveryId, outTradeNo, state } = delivery;
      const isOpen = Number(state === 'pending');
      putDelivery.run({ deliveryId, outTradeNo, isOpen, content: JSON.stringify(delivery) });
    }
    written += 1;
    if (written % Math.min(pruneEvery, max.settled, max.ended) !== 0) return;
    pruneTrades.run({ max: max.settled });
    pruneDeliveries.run({ max: max.ended });
    pruneCodes.run({ max: max.ended });
  };

  return {
    select,
    write: (entry: Entry): void => {
      database.exec('BEGIN');
      try {
        store(entry);
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
};
