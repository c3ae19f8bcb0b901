import { isUnfinished, type Payment } from '../payments/model.ts';
import { askAgainAt, markClosed } from '../payments/store.ts';
import type { Table } from '../platform/dynamo.ts';
import { plusSeconds, type Clock } from '../platform/time.ts';
import { askProvider, type FindProvider } from './ask-provider.ts';
import { recordCapture } from './record-notification.ts';

type Dependencies = { bookings: Table; clock: Clock; findProvider: FindProvider };

/**
 * The provider's "does not exist" for a payment that was handed out counts as closed only this long after its absolute
 * expiry: until then the buyer may still enter the cashier, where the trade comes to be.
 */
const notExistMarginSeconds = 60;
const askAgainSeconds = 60;

/**
 * Finds out what became of a payment that is neither captured nor closed, and makes sure it cannot be paid any more:
 * T12 or T11. `unfinished` when the provider is silent or will not close it yet; then it is asked again.
 */
export const settlePayment =
  (dependencies: Dependencies) =>
  async (payment: Payment): Promise<'settled' | 'unfinished'> => {
    if (!isUnfinished(payment)) return 'settled';
    const { bookings, clock } = dependencies;
    const asked = await askProvider(dependencies, payment, (provider) => provider.close(payment));
    const known = asked.outcome === 'accepted' ? asked.answer : undefined;
    switch (known?.state) {
      case 'captured':
        // A trade in which nothing was paid is neither money nor the end of the payment.
        if ((await recordCapture(dependencies)(payment, known)) === 'nothing-taken') break;
        return 'settled';
      case 'closed':
        await markClosed(bookings, payment.paymentId, 'created-or-pending');
        return 'settled';
      case 'not-exist':
        if (await markClosed(bookings, payment.paymentId, 'created')) return 'settled';
        if (clock() < plusSeconds(payment.expiresAt, notExistMarginSeconds)) break;
        await markClosed(bookings, payment.paymentId, 'created-or-pending');
        return 'settled';
      default:
    }
    await askAgainAt(bookings, payment.paymentId, plusSeconds(clock(), askAgainSeconds));
    return 'unfinished';
  };
