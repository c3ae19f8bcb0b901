import { askProvider, type FindProvider } from '../paying/ask-provider.ts';
import { recordCapture } from '../paying/record-notification.ts';
import { confirmRefund } from '../paying/submit-refund.ts';
import { isCaptured, takenOf, type CapturedPayment, type Payment, type Refund } from '../payments/model.ts';
import type { PaymentProvider, ProviderPayment, ProviderRefund } from '../payments/provider.ts';
import { readRefund } from '../payments/refunds-store.ts';
import { readPayment } from '../payments/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Clock } from '../platform/time.ts';
import type { Compared } from './compare-bill.ts';
import {
  decideMissingPayment,
  decideMissingRefund,
  decideNotDone,
  missingHere,
  ofNothing,
  type Answer,
  type Missing,
  type Span,
} from './decide-answer.ts';
import {
  compareAmounts,
  isPaidByProvider,
  numberOfRow,
  orderOfNumber,
  paymentOfNumber,
  type Booked,
} from './decide-row.ts';
import type { Elsewhere, Finding } from './model.ts';

type Dependencies = {
  bookings: Table;
  clock: Clock;
  findProvider: FindProvider;
  /** Remembers a difference before it is repaired, so that a crash in between does not hide it. */
  remember: (finding: Finding) => Promise<void>;
};

type Asked<Known> = Answer<Known> | 'silent';

const ask = async <Known>(
  dependencies: Dependencies,
  payment: Payment,
  call: (provider: PaymentProvider) => Promise<Known>,
): Promise<Asked<Known>> => {
  const asked = await askProvider(dependencies, payment, call);
  if (asked.outcome === 'accepted') return { known: asked.answer };
  return asked.reason === 'provider-refuses' ? { refuses: asked.why } : 'silent';
};

const askAboutPayment = (dependencies: Dependencies, payment: Payment): Promise<Asked<ProviderPayment>> =>
  ask(dependencies, payment, (provider) => provider.query(payment));

const askAboutRefund = (
  dependencies: Dependencies,
  payment: Payment,
  refund: Refund,
): Promise<Asked<ProviderRefund>> =>
  ask(dependencies, payment, (provider) => provider.queryRefund(payment, refund));

/** What is left to tell of one thing, perhaps after a look elsewhere; `silent` if the provider did not answer. */
export type Found = { findings: Finding[]; elsewhere?: Elsewhere } | 'silent';

const found = (...findings: Finding[]): Found => ({ findings });

/** A question to the provider, and by what it is known in another run. */
export type Question = { about: string; ask: () => Promise<Found> };

/**
 * The questions to the provider about everything of which bill and books differ. Each books what the provider confirms: money
 * that we never heard of (T11), and refunds that are back (T21). The bill's word alone books nothing.
 */
export const questionsAbout =
  (dependencies: Dependencies) =>
  ({ unheardOf, notDone, missing }: Compared, span: Span): Question[] => [
    ...unheardOf.map((thing) => ({
      about: `unheard-of ${numberOfRow(thing.row)}`,
      ask: () =>
        thing.refund ? bookRefund(dependencies, thing, thing.refund) : bookPayment(dependencies, thing),
    })),
    ...notDone.map(({ row, booked }) => ({
      about: `not-done ${booked.number}`,
      ask: () => judgeNotDone(dependencies, row, booked),
    })),
    ...missing.map((booked) => ({
      about: `missing ${booked.number}`,
      ask: () => judgeMissing(dependencies, booked, span),
    })),
  ];

type UnheardOf = Compared['unheardOf'][number];

/** What is left to tell about money that is booked by now: it is repaired, and its amount may still differ. */
const repaired = (row: UnheardOf['row'], ours: Parameters<typeof compareAmounts>[1]): Found => {
  const difference = compareAmounts(row, ours);
  return found(missingHere(row, { known: { state: 'captured' } }, true), ...(difference ? [difference] : []));
};

const bookPayment = async (dependencies: Dependencies, { row, payment }: UnheardOf): Promise<Found> => {
  const answer = await askAboutPayment(dependencies, payment);
  if (answer === 'silent') return answer;
  const open = missingHere(row, answer, false);
  if ('refuses' in answer || answer.known.state !== 'captured') return found(open);
  await dependencies.remember(open);
  const recorded = await recordCapture(dependencies)(payment, answer.known);
  const current = await readPayment(dependencies.bookings, payment.paymentId);
  if (current && isCaptured(current)) return repaired(row, takenOf(current));
  const why = recorded.outcome === 'rejected' ? 'the provider says that nothing was paid' : open.why;
  return found({ ...open, why });
};

const bookRefund = async (
  dependencies: Dependencies,
  { row, payment }: UnheardOf,
  refund: Refund,
): Promise<Found> => {
  const answer = await askAboutRefund(dependencies, payment, refund);
  if (answer === 'silent') return answer;
  const open = missingHere(row, answer, false);
  if ('refuses' in answer || answer.known.state !== 'succeeded') return found(open);
  if (!isCaptured(payment)) return found({ ...open, why: 'the payment of this refund is not booked' });
  await dependencies.remember(open);
  await confirmRefund(dependencies, payment, refund);
  const current = await readRefund(dependencies.bookings, refund.orderId, refund.refundNumber);
  return current && isPaidByProvider(current) ? repaired(row, current.amount) : found(open);
};

type Subject = { payment: CapturedPayment; refund: Refund | undefined };

/** The payment, and the refund, that an entry of the journal is about; undefined if nothing has its number. */
const subjectOf = async (
  { bookings }: Dependencies,
  { of, number }: Booked,
): Promise<Subject | undefined> => {
  const [paymentId, orderId] = [paymentOfNumber(number), orderOfNumber(number)];
  const payment = paymentId && (await readPayment(bookings, paymentId));
  const refund = of === 'refund' && orderId ? await readRefund(bookings, orderId, number) : undefined;
  const isThere = payment && isCaptured(payment) && (of === 'payment' || refund);
  return isThere ? { payment, refund } : undefined;
};

const judgeNotDone = async (
  dependencies: Dependencies,
  row: UnheardOf['row'],
  booked: Booked,
): Promise<Found> => {
  const subject = await subjectOf(dependencies, booked);
  if (!subject) return found(ofNothing(booked));
  const { payment, refund } = subject;
  const answer = refund
    ? await askAboutRefund(dependencies, payment, refund)
    : await askAboutPayment(dependencies, payment);
  const finding = answer === 'silent' ? undefined : decideNotDone(row, booked, answer, refund);
  return answer === 'silent' ? answer : found(...(finding ? [finding] : []));
};

const judgeMissing = async (dependencies: Dependencies, booked: Booked, span: Span): Promise<Found> => {
  const subject = await subjectOf(dependencies, booked);
  if (!subject) return found(ofNothing(booked));
  const { payment, refund } = subject;
  if (refund) {
    const answer = await askAboutRefund(dependencies, payment, refund);
    return answer === 'silent' ? answer : foundOf(decideMissingRefund(booked, refund, answer, span));
  }
  const answer = await askAboutPayment(dependencies, payment);
  return answer === 'silent' ? answer : foundOf(decideMissingPayment(booked, payment, answer, span));
};

const foundOf = (missing: Missing): Found => {
  if (missing.is === 'none') return found();
  if (missing.is === 'told') return found(missing.finding);
  const { is: _, ...elsewhere } = missing;
  return { findings: [], elsewhere };
};
