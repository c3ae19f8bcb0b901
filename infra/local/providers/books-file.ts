import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Delivery } from './delivery.ts';
import { isUnsettled, type Trade } from './trade.ts';
/** What changes together: a trade, the notifications about it, and notes such as what a code stands for. */
export type Entry = {
  trade?: Trade;
  deliveries?: Delivery[];
  note?: { key: string; content: unknown };
};

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
  CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY, key TEXT UNIQUE, isOpen INTEGER NOT NULL, content TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS openDeliveries ON deliveries (isOpen)`;

const removalFrom = (table: 'trades' | 'deliveries' | 'notes'): string => `
  DELETE FROM ${table} WHERE isOpen = 0 AND id <= coalesce(
    (SELECT id FROM ${table} WHERE isOpen = 0 ORDER BY id DESC LIMIT 1 OFFSET :max), 0)`;

const openFile = (file: string): DatabaseSync => {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${tables}`);
  return database;
};

/** The file of a provider's books: one write is one transaction, so that a kill leaves all of it or nothing. */
export const openBooksFile = (path: string, max: BooksMax) => {
  const database = openFile(path);
  const putTrade = database.prepare(`
    INSERT INTO trades (outTradeNo, tradeNo, isOpen, content) VALUES (:outTradeNo, :tradeNo, :isOpen, :content)
    ON CONFLICT (outTradeNo) DO UPDATE SET isOpen = :isOpen, content = :content`);
  const putDelivery = database.prepare(`
    INSERT INTO deliveries (deliveryId, outTradeNo, isOpen, content) VALUES (:deliveryId, :outTradeNo, :isOpen, :content)
    ON CONFLICT (deliveryId) DO UPDATE SET isOpen = :isOpen, content = :content`);
  const putNote = database.prepare(`
    INSERT INTO notes (key, isOpen, content) VALUES (:key, 0, :content)
    ON CONFLICT (key) DO UPDATE SET content = :content`);
  const pruneNotes = database.prepare(removalFrom('notes'));
  const pruneTrades = database.prepare(removalFrom('trades'));
  const pruneDeliveries = database.prepare(removalFrom('deliveries'));
  const select = <Content>(rest: string) => {
    const statement = database.prepare(`SELECT content FROM ${rest}`);
    return (...values: (string | number)[]): Content[] =>
      statement.all(...values).map(({ content }) => JSON.parse(String(content)) as Content);
  };
  let written = 0;

  const store = ({ trade, deliveries = [], note }: Entry): void => {
    if (note) putNote.run({ key: note.key, content: JSON.stringify(note.content) });
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
    pruneNotes.run({ max: max.settled });
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
