import { setTimeout as sleep } from 'node:timers/promises';
import { signIn, type Buyer, type Money, type Order } from './client.ts';
import type { Offer } from './find-offers.ts';
import { amountOf, expect, mailsTo, type Stage } from './stage.ts';

type Job = { jobId: string; state: string; until: string; progress: { waived: number; ended: number } };
type RefundOffer = { offerId?: string; tickets?: { fee: Money; refund: Money }[] };

const secondsMax = 90;

/** The job as soon as every ticket is waived, or as it is when the time is over. */
const jobWhenWaived = async (operator: Buyer, jobId: string): Promise<Job> => {
  const deadline = Date.now() + secondsMax * 1000;
  for (;;) {
    const { body } = await operator.get<Job>(`/v1/operator/jobs/${jobId}`);
    if (!['begun', 'waiving'].includes(body.state) || Date.now() > deadline) return body;
    await sleep(500);
  }
};

/** The operator cancels a run; who has a ticket for it is told and gets all money back. */
export const cancelRun = async (
  stage: Stage,
  { journey }: Offer,
  { buyer, orderId }: { buyer: Buyer; orderId: string },
): Promise<void> => {
  const { run, dataDir, tell, carrier } = stage;
  tell.chapter(`The operator cancels ${journey.trip}`);
  if (!carrier.afterSale?.versions.some(({ disruption }) => disruption))
    return tell.seen('this carrier has no rules for it');
  const operator = await signIn(run.endpoints, dataDir, 'operator@example.com', ['operators']);
  const mails = (await mailsTo(run, buyer.email, 0)).length;
  const begun = await operator.post<Job>(`/v1/operator/runs/${journey.runId}/cancellation`);
  expect(begun.status === 201, 'a job begins', begun);
  const again = await operator.post<Job>(`/v1/operator/runs/${journey.runId}/cancellation`);
  expect(again.body.jobId === begun.body.jobId, 'cancelled twice, it is the same job', again);
  const { state, until, progress } = await jobWhenWaived(operator, begun.body.jobId);
  expect(progress.waived > 0, 'the job waives the fee of each ticket', { state, progress });
  tell.seen(
    `job ${begun.body.jobId}: ${progress.waived} tickets waived, ${progress.ended} unpaid seats released`,
  );
  tell.seen(`passengers choose until ${until}; who does nothing gets the money back then`);
  const subjects = await mailsTo(run, buyer.email, mails + 1);
  expect(subjects.length > mails, 'the passenger is told', subjects);
  tell.seen(`mail: ${subjects.at(-1)}`);
  const offer = await buyer.post<RefundOffer>(`/v1/orders/${orderId}/refund-offers`, {});
  const [ticket] = offer.body.tickets ?? [];
  expect(ticket?.fee.amount === 0, 'nothing is kept', offer);
  const accepted = await buyer.post<Order>(`/v1/refund-offers/${offer.body.offerId}/acceptance`);
  expect(accepted.status === 200, 'the offer is accepted', accepted);
  tell.seen(`${buyer.email} gives the ticket back for ${amountOf(ticket.refund)}, without a fee`);
};
