import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoPassenger } from '../demo/passengers.ts';
import { CommandFailure } from '../connect.ts';
import { isProblem, told, type Api, type Order } from './api.ts';
import type { SmokePlan, SmokeTrip } from './plan.ts';
import { smokeClass } from './write-feed.ts';

export type Buying = {
  api: Api;
  plan: SmokePlan;
  passenger: DemoPassenger;
  email: string;
  signal: AbortSignal;
};

/** A change of the sale takes a second to reach every function, and the count of free seats up to five. */
const settlesMilliseconds = 15_000;
const settling = ['sold-out', 'not-on-sale', 'unknown-run'];

export const placeOrder = ({ api, plan, passenger, email }: Buying, { runId }: SmokeTrip) =>
  api.post<Order>('/v1/orders', {
    runId,
    from: plan.from,
    to: plan.to,
    class: smokeClass,
    passengers: [passenger],
    contact: { email },
  });

/** Holds the only seat of a trip. Throws a `CommandFailure` if the API does not give it within a quarter of a minute. */
export const holdSeat = async (buying: Buying, trip: SmokeTrip): Promise<Order> => {
  const deadline = performance.now() + settlesMilliseconds;
  for (;;) {
    const answer = await placeOrder(buying, trip);
    if (answer.status === 201) return answer.body;
    if (!isProblem(answer, settling) || performance.now() > deadline)
      throw new CommandFailure(`POST /v1/orders answers ${told(answer)}`);
    await sleep(1000, undefined, { signal: buying.signal });
  }
};

export const cancelOrder = async ({ post }: Api, orderId: string): Promise<void> => {
  const answer = await post<Order>(`/v1/orders/${orderId}/cancellation`);
  if (answer.status !== 200 || answer.body.state !== 'cancelled')
    throw new CommandFailure(`the cancellation of ${orderId} answers ${told(answer)}, ${answer.body.state}`);
};

/** The order as soon as it has this state. Throws a `CommandFailure` if it has not after so long. */
export const waitFor = async (
  { api, signal }: Pick<Buying, 'api' | 'signal'>,
  { orderId }: Pick<Order, 'orderId'>,
  { state, milliseconds }: { state: string; milliseconds: number },
): Promise<Order> => {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const answer = await api.get<Order>(`/v1/orders/${orderId}`);
    if (answer.body.state === state) return answer.body;
    if (performance.now() > deadline)
      throw new CommandFailure(
        `the order ${orderId} is ${answer.body.state}, and not ${state} (${told(answer)})`,
      );
    await sleep(1000, undefined, { signal });
  }
};
