import { openBooksFile, type BooksMax, type Entry } from './books-file.ts';
import type { Delivery } from './delivery.ts';
import { isUnsettled, type Trade } from './trade.ts';

/**
 * A provider's own books, separate from the product's on purpose, so that you can compare the two. They are in a file;
 * memory holds only what still changes by itself. A killed process has made a change either completely or not at all.
 */
export type Books = {
  trade: (outTradeNo: string) => Trade | undefined;
  /** By the provider's own number. */
  tradeByNumber: (tradeNo: string) => Trade | undefined;
  /** Oldest first; with a count, only that many of the newest. */
  trades: (count?: number) => Trade[];
  /**
   * The trades that may still change with time alone. The sandbox looks at them constantly, so it leaves out the
   * others.
   */
  unsettled: () => Trade[];
  /** The notifications of one trade, or of all. */
  deliveries: (outTradeNo?: string) => Delivery[];
  pending: () => Delivery[];
  /** What was noted under a key. */
  note: <Content>(key: string) => Content | undefined;
  write: (entry: Entry) => void;
  close: () => void;
};

const usualMax: BooksMax = { settled: 50_000, ended: 2000 };

/** Opens the books of a provider in a file. */
export const openBooks = (path: string, max: BooksMax = usualMax): Books => {
  const file = openBooksFile(path, max);
  const byOutTradeNo = file.select<Trade>('trades WHERE outTradeNo = ?');
  const byTradeNo = file.select<Trade>('trades WHERE tradeNo = ?');
  const newestTrades = file.select<Trade>('trades ORDER BY id DESC LIMIT ?');
  const ofTrade = file.select<Delivery>('deliveries WHERE outTradeNo = ? ORDER BY id');
  const noted = file.select<unknown>('notes WHERE key = ?');
  const allDeliveries = file.select<Delivery>('deliveries ORDER BY id');

  const unsettled = new Map(
    file
      .select<Trade>('trades WHERE isOpen = 1 ORDER BY id')()
      .map((trade) => [trade.outTradeNo, trade]),
  );
  const pending = new Map(
    file
      .select<Delivery>('deliveries WHERE isOpen = 1 ORDER BY id')()
      .map((each) => [each.deliveryId, each]),
  );
  const remember = ({ trade, deliveries = [] }: Entry): void => {
    if (trade && isUnsettled(trade)) unsettled.set(trade.outTradeNo, trade);
    else if (trade) unsettled.delete(trade.outTradeNo);
    for (const delivery of deliveries) {
      if (delivery.state === 'pending') pending.set(delivery.deliveryId, delivery);
      else pending.delete(delivery.deliveryId);
    }
  };

  return {
    trade: (outTradeNo) => byOutTradeNo(outTradeNo)[0],
    tradeByNumber: (tradeNo) => byTradeNo(tradeNo)[0],
    trades: (count = -1) => newestTrades(count).toReversed(),
    unsettled: () => [...unsettled.values()],
    deliveries: (outTradeNo) => (outTradeNo === undefined ? allDeliveries() : ofTrade(outTradeNo)),
    pending: () => [...pending.values()],
    note: <Content>(key: string) => noted(key)[0] as Content | undefined,
    write: (entry) => {
      file.write(entry);
      remember(entry);
    },
    close: file.close,
  };
};
