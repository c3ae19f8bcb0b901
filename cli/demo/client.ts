import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoints } from '../../infra/local/run/data-dir.ts';
import { tokenFor } from '../../infra/local/identity/issue-tokens.ts';
import type { PaymentAction } from '../../shared/payments/model.ts';
import { codeOf } from './code-of.ts';
import type { DemoPassenger } from './passengers.ts';

export type Money = { amount: number; currency: string };
export type Journey = {
  runId: string;
  trip: string;
  from: { name: string; departs: string };
  to: { name: string; arrives: string };
  classes: { class: string; fare: Money | null; seatsLeft: number }[];
};
export type Order = {
  orderId: string;
  state: string;
  expiresAt: string;
  amount: Money;
  items: { coach: string; seat: string | null; ticketId?: string; passenger: { name: string } }[];
  payments: { state: string }[];
  seating?: { together: boolean; groups: string[][] };
};
export type Answer<Body> = { status: number; body: Body };
export type Wish = {
  runId: string;
  from: string;
  to: string;
  class: string;
  passengers: DemoPassenger[];
};

export type Buyer = {
  email: string;
  get<Body>(path: string): Promise<Answer<Body>>;
  post<Body>(path: string, body?: object): Promise<Answer<Body>>;
  placeOrder(wish: Wish): Promise<Answer<Order & { type?: string }>>;
  /**
   * Pays as a person does: starts the payment with this provider, or the first one that is offered, opens the cashier and presses
   * its button. `pressedAt` is by `performance.now()`.
   */
  pay(orderId: string, provider?: string): Promise<{ cashier: string; message: string; pressedAt: number }>;
  /** The order as soon as it has one of these states, or as it is when the time is over. */
  waitFor(orderId: string, states: readonly string[], seconds?: number): Promise<Order>;
};

let requests = 0;

const triesMax = 60;

/** Sends the same request again when the API asks for it: the idempotency key prevents a second order. */
const patiently = async (ask: () => Promise<Response>): Promise<Response> => {
  for (let tries = 1; ; tries += 1) {
    const response = await ask();
    const seconds = Number(response.headers.get('retry-after') ?? 0);
    if (![429, 503].includes(response.status) || seconds <= 0 || tries === triesMax) return response;
    await response.body?.cancel();
    // The buyers must not all come at the same moment.
    await sleep(seconds * 1000 * (1 + Math.random()));
  }
};

/** A user of the API, like any program: over HTTP, with a token. */
export const signIn = async (
  endpoints: Endpoints,
  dataDir: string,
  email: string,
  groups: readonly string[] = [],
): Promise<Buyer> => {
  const token = await tokenFor(dataDir, {
    issuer: endpoints.signIn,
    clientId: endpoints.clientId,
    email,
    groups: [...groups],
  });

  const send = async <Body>(
    path: string,
    body?: object,
    method = body ? 'POST' : 'GET',
  ): Promise<Answer<Body>> => {
    const request: RequestInit = {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json', 'idempotency-key': `demo-${(requests += 1)}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    };
    const response = await patiently(() => fetch(endpoints.api + path, request));
    return { status: response.status, body: (await response.json()) as Body };
  };

  const order = async (orderId: string) => (await send<Order>(`/v1/orders/${orderId}`)).body;

  return {
    email,
    get: (path) => send(path),
    post: (path, body) => send(path, body, 'POST'),
    placeOrder: (wish) => send('/v1/orders', { ...wish, contact: { email } }),
    pay: async (orderId, chosen) => {
      const { body: known } = await send<{ providers: { provider: string }[] }>('/v1/payment-methods');
      const provider = chosen ?? known.providers[0]?.provider;
      const wish = { provider, returnUrl: `${endpoints.api}/` };
      const { status, body } = await send<{ action?: PaymentAction }>(`/v1/orders/${orderId}/payments`, wish);
      if (!body.action) throw new Error(`the payment did not start: ${status} ${JSON.stringify(body)}`);
      const code = new URLSearchParams({ code: codeOf(body.action) });
      // The sandbox leads from whatever the buyer has got to the page with the buttons.
      const { url: cashier } = await fetch(`${endpoints.cashier}/scan?${code}`);
      const pressedAt = performance.now();
      const paid = await fetch(`${cashier}/pay`, { method: 'POST', headers: { accept: 'application/json' } });
      const { message } = (await paid.json()) as { message: string };
      return { cashier, message, pressedAt };
    },
    waitFor: async (orderId, states, seconds = 60) => {
      const deadline = Date.now() + seconds * 1000;
      for (;;) {
        const found = await order(orderId);
        if (states.includes(found.state) || Date.now() > deadline) return found;
        await sleep(200);
      }
    },
  };
};
