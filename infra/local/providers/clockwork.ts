import type { Clock } from '../../../shared/platform/time.ts';
import type { Books } from './books.ts';
import type { Delivery } from './delivery.ts';

type Parts = {
  books: Books;
  clock: Clock;
  /** Makes the changes that come with time alone. */
  settle: () => void;
  /** Sends a notification once, and says how it is afterwards. */
  send: (delivery: Delivery, stopped: AbortSignal) => Promise<Delivery>;
};

/**
 * The sandbox's clock may run faster than the machine's, so we look regularly for work that is due and do not sleep
 * until then.
 */
const lookEveryMilliseconds = 200;

/**
 * Sends notifications when they are due, those of one trade one after the other. They stay in the books until the
 * receiver has answered, so a restart continues with them.
 */
export const startClockwork = ({
  books,
  clock,
  settle,
  send,
}: Parts): { look: () => void; stop: () => Promise<void> } => {
  const stopped = new AbortController();
  const sending = new Map<string, Promise<void>>();

  const sendAll = async (deliveries: readonly Delivery[]): Promise<void> => {
    for (const delivery of deliveries) {
      if (stopped.signal.aborted) return;
      const after = await send(delivery, stopped.signal);
      if (!stopped.signal.aborted) books.write({ deliveries: [after] });
    }
  };

  const look = (): void => {
    if (stopped.signal.aborted) return;
    settle();
    const now = clock();
    const due = books.pending().filter(({ dueAt }) => dueAt <= now);
    for (const [outTradeNo, deliveries] of Map.groupBy(due, (delivery) => delivery.outTradeNo)) {
      if (sending.has(outTradeNo)) continue;
      sending.set(
        outTradeNo,
        sendAll(deliveries).finally(() => sending.delete(outTradeNo)),
      );
    }
  };

  const timer = setInterval(look, lookEveryMilliseconds).unref();
  return {
    look,
    stop: async () => {
      clearInterval(timer);
      stopped.abort();
      await Promise.all(sending.values());
    },
  };
};
