import type { EndedPayment } from '../payments/model.ts';
import { askNoMore, watchOn } from '../payments/watch-store.ts';
import type { Table } from '../platform/dynamo.ts';
import { never, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { askProvider, type FindProvider } from './ask-provider.ts';
import { decideWatch } from './decide-watch.ts';
import { recordCapture } from './record-notification.ts';
import type { CaptureRefusal } from './rules.ts';

/**
 * Asks about a payment that ended without a final answer of its provider: a person closed it, or a dispute about it began.
 * Books money that the provider has after all, as long as we keep asking; later only a notification reports it.
 */
export const watchPayment =
  (dependencies: { bookings: Table; clock: Clock; findProvider: FindProvider }) =>
  async (payment: EndedPayment): Promise<Outcome<object, CaptureRefusal | 'changed-meanwhile'>> => {
    const { bookings, clock } = dependencies;
    const asked = await askProvider(dependencies, payment, (provider) => provider.query(payment));
    const known = asked.outcome === 'accepted' ? asked.answer : undefined;
    const decided = decideWatch(payment, known, clock());
    switch (decided.write) {
      case 'capture':
        return recordCapture(dependencies)(payment, decided.captured);
      case 'ask-again':
        return watchOn(bookings, payment, decided.again);
      case 'ask-no-more':
        return askNoMore(bookings, payment);
      default:
        return never(decided);
    }
  };
