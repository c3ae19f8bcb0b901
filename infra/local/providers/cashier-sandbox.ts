import { attempted, type Delivery, type Tell } from './delivery.ts';
import { openBooks } from './books.ts';
import type { Cashier } from './cashier-page.ts';
import { listedOf } from './cashier-page.ts';
import type { CashierParts } from './cashier-site.ts';
import { startClockwork } from './clockwork.ts';
import { post, type Received } from './post.ts';
import type { ProviderSandbox, SandboxParts } from './provider-sandbox.ts';
import { settle } from './settle.ts';
import type { Trade } from './trade.ts';

/** What is a provider's own about its notifications and its cashier. */
export type Manners = {
  /** The file of its books. */
  booksFile: string;
  cashier: Cashier;
  tell: Tell;
  /** A notification as it goes over the wire now. */
  sign: (delivery: Delivery) => { headers: Record<string, string>; body: string };
  isTaken: (answer: Received) => boolean;
  retryAfterSeconds: readonly number[];
  returnAddress: (trade: Trade) => string | undefined;
};

type Opened = {
  parts: CashierParts;
  rest: Pick<ProviderSandbox<unknown>, 'latest' | 'books' | 'stop'>;
};

/** Opens a provider's books and starts to send its notifications. */
export const openCashier = ({ clock, merchant }: SandboxParts, manners: Manners): Opened => {
  const { cashier, tell, returnAddress } = manners;
  const books = openBooks(manners.booksFile);
  const settleNow = (): void => settle({ books, clock, tell });
  const clockwork = startClockwork({
    books,
    clock,
    settle: settleNow,
    send: async (delivery, stopped) =>
      attempted(delivery, clock(), await post(delivery.url, manners.sign(delivery), stopped), manners),
  });
  const stopping = new AbortController();
  return {
    parts: {
      books,
      clock,
      merchant,
      tell,
      cashier,
      returnAddress,
      changed: clockwork.look,
      stopping: stopping.signal,
    },
    rest: {
      latest: (count) => {
        settleNow();
        return books.trades(count).map((trade) => listedOf(trade, cashier));
      },
      books: () => {
        settleNow();
        return { trades: books.trades(), deliveries: books.deliveries() };
      },
      stop: async () => {
        stopping.abort();
        await clockwork.stop();
        books.close();
      },
    },
  };
};
