import { isUnfinished, type Payment, type UnfinishedPayment } from '../payments/model.ts';
import { askAgainAt, markClosed } from '../payments/store.ts';
import type { Table } from '../platform/dynamo.ts';
import { accepted, never, rejected, type Outcome } from '../platform/outcome.ts';
import { plusSeconds, type Clock } from '../platform/time.ts';
import { askProvider, type FindProvider } from './ask-provider.ts';
import { decideSettle, type Settling } from './decide-settle.ts';
import { recordCapture } from './record-notification.ts';
import type { CaptureRefusal, SettleRefusal } from './rules.ts';

type Dependencies = { bookings: Table; clock: Clock; findProvider: FindProvider };

const askAgainSeconds = 60;

/**
 * Finds the result of a payment that is neither captured nor closed, and makes sure that nobody can pay it any more:
 * T12 or T11. After a rejection, the provider is asked again.
 */
export const settlePayment =
  (dependencies: Dependencies) =>
  async (payment: Payment): Promise<Outcome<object, SettleRefusal>> => {
    if (!isUnfinished(payment)) return accepted({});
    const { bookings, clock } = dependencies;
    const asked = await askProvider(dependencies, payment, (provider) => provider.close(payment));
    const known = asked.outcome === 'accepted' ? asked.answer : undefined;
    const decided = decideSettle(payment, known, clock());
    const settled = decided.outcome === 'accepted' ? await write(dependencies, payment, decided) : decided;
    if (settled.outcome === 'accepted') return accepted({});
    await askAgainAt(bookings, payment.paymentId, plusSeconds(clock(), askAgainSeconds));
    return rejected('payment-unfinished');
  };

/** After a rejection, the payment has still not ended. */
const write = async (
  dependencies: Dependencies,
  payment: UnfinishedPayment,
  settling: Settling,
): Promise<Outcome<object, CaptureRefusal | 'changed-meanwhile'>> => {
  switch (settling.write) {
    case 'capture':
      return recordCapture(dependencies)(payment, settling.captured);
    case 'close': {
      const closed = await markClosed(dependencies.bookings, payment.paymentId, settling.from);
      // After a refusal, somebody else has closed or captured it; it is open only if a client got it meanwhile.
      return settling.from === 'created-or-pending' ? accepted({}) : closed;
    }
    default:
      return never(settling);
  }
};
