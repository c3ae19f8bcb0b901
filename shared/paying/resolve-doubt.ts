import { flagDispute, dropDoubt } from '../payments/doubts-store.ts';
import { askAgainAt, readPayment } from '../payments/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { PaymentId } from '../platform/ids.ts';
import { never, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { askProvider, type FindProvider } from './ask-provider.ts';
import { decideDoubt, decideToAsk } from './decide-doubt.ts';
import { recordCapture } from './record-notification.ts';
import type { DoubtRefusal } from './rules.ts';

/**
 * A notification reported another amount for a payment that can take no money any more: this books what the provider
 * has in its books, and that money goes back. If the provider has nothing, or stays silent for long, a person compares,
 * and we keep asking until the answer is final.
 */
export const resolveDoubt =
  (dependencies: { bookings: Table; clock: Clock; findProvider: FindProvider }) =>
  async (paymentId: PaymentId): Promise<Outcome<object, DoubtRefusal>> => {
    const { bookings, clock } = dependencies;
    const doubted = decideToAsk(await readPayment(bookings, paymentId));
    if (doubted.outcome === 'rejected') return doubted;
    const { payment, doubt } = doubted;
    const asked = await askProvider(dependencies, payment, (provider) => provider.query(payment));
    const known = asked.outcome === 'accepted' ? asked.answer : undefined;
    const decided = decideDoubt(doubted, known, clock());
    if (decided.outcome === 'rejected') {
      await askAgainAt(bookings, paymentId, decided.again);
      return rejected(decided.reason);
    }
    switch (decided.write) {
      case 'capture':
        return recordCapture(dependencies)(payment, decided.captured);
      case 'dispute':
        return flagDispute(bookings, payment, doubt, decided);
      case 'drop':
        return dropDoubt(bookings, payment, doubt, decided.askOn);
      default:
        return never(decided);
    }
  };
