import type { Clock } from '../../../../shared/platform/time.ts';
import type { Books } from './books.ts';
import { attempted, signedForm, type Delivery } from './delivery.ts';
import type { SandboxKeys } from './keys.ts';
import { settle } from './settle.ts';

type Parts = { books: Books; keys: SandboxKeys; clock: Clock };

/**
 * The sandbox's clock may run faster than the machine's, so we look regularly for work that is due and do not sleep
 * until then.
 */
const lookEveryMilliseconds = 200;
/** Alipay waits this long for the answer to a notification. */
const answerWithinMilliseconds = 5000;

/**
 * Sends notifications when they are due, those of one trade one after the other. They stay in the books until the
 * receiver has answered, so a restart continues with them.
 */
export const startClockwork = (parts: Parts): { look: () => void; stop: () => Promise<void> } => {
  const { books, keys, clock } = parts;
  const stopped = new AbortController();
  const sending = new Map<string, Promise<void>>();

  const send = async (delivery: Delivery): Promise<void> => {
    const answer = await post(delivery.url, signedForm(delivery, keys, clock()), stopped.signal);
    if (!stopped.signal.aborted) books.write({ deliveries: [attempted(delivery, clock(), answer)] });
  };

  const sendAll = async (deliveries: readonly Delivery[]): Promise<void> => {
    for (const delivery of deliveries) if (!stopped.signal.aborted) await send(delivery);
  };

  const look = (): void => {
    if (stopped.signal.aborted) return;
    settle(parts);
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

const post = async (
  url: string,
  form: URLSearchParams,
  stop: AbortSignal,
): Promise<{ status: number | undefined; body: string }> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: form.toString(),
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(answerWithinMilliseconds)]),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: undefined, body: error instanceof Error ? error.name : 'no answer' };
  }
};
