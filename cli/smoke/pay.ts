import { secretVariable } from '../../shared/payments/known-providers.ts';
import type { ProviderName } from '../../shared/payments/model.ts';
import { secretIdOf } from '../../shared/platform/config.ts';
import { readChangingSecret } from '../../shared/platform/secrets.ts';
import { CommandFailure } from '../connect.ts';
import { told, type Api, type Order } from './api.ts';
import { waitFor, type Buying } from './buy.ts';
import { decideCashier, gatewayIn, hasSandbox } from './sandboxes.ts';
import { Skipped } from './steps.ts';

const byMachineMilliseconds = 90_000;
/** A person signs in at the sandbox's cashier first. It is also the time that a hold lasts there. */
const byPersonMilliseconds = 600_000;

type Methods = { providers?: { provider: string }[] };
type Started = { action?: { url?: string } };

export type Cashier = { provider: ProviderName; by: 'machine' | 'person' };

/** Where to pay, and who does. Throws `Skipped` if nobody can without real money. */
export const findCashier = async (api: Api, isAttended: boolean): Promise<Cashier> => {
  const { body } = await api.get<Methods>('/v1/payment-methods');
  const provider = body.providers?.map((each) => each.provider).find(hasSandbox);
  if (provider === undefined)
    throw new Skipped('no provider whose sandbox this can use is switched on, or none takes the currency');
  const secretId = secretIdOf(secretVariable(provider));
  const text = secretId && (await readChangingSecret(secretId, { doubted: false })).text;
  const by = decideCashier(provider, gatewayIn(text || '{}'));
  if (by === 'nobody') throw new Skipped(`the keys of ${provider} are for real money`);
  if (by === 'person' && !isAttended)
    throw new Skipped(`the sandbox of ${provider} needs a person at a terminal, who pays at its cashier`);
  return { provider, by };
};

/** Pays an order with the provider's sandbox, and waits for the ticket. `tell` gets the address for a person. */
export const payOrder = async (
  buying: Buying,
  { orderId }: Order,
  { cashier: { provider, by }, tell }: { cashier: Cashier; tell: (line: string) => void },
): Promise<string> => {
  const { api, signal } = buying;
  const wish = { provider, method: 'page', returnUrl: 'https://example.com/' };
  const started = await api.post<Started>(`/v1/orders/${orderId}/payments`, wish);
  const address = started.body.action?.url;
  if (started.status !== 201 || !address) throw new CommandFailure(`the payment answers ${told(started)}`);
  if (by === 'machine') await press(address, signal);
  else tell(`Pay here as a test buyer of the sandbox: ${address}`);
  const milliseconds = by === 'machine' ? byMachineMilliseconds : byPersonMilliseconds;
  const issued = await waitFor(buying, { orderId }, { state: 'issued', milliseconds });
  const ticketId = issued.items[0]?.ticketId ?? '';
  const ticket = await api.get(`/v1/tickets/${ticketId}`);
  if (ticket.status !== 200) throw new CommandFailure(`the ticket ${ticketId} answers ${told(ticket)}`);
  return ticketId;
};

/** What the button of the local sandbox's cashier does. */
const press = async (address: string, signal: AbortSignal): Promise<void> => {
  const entered = await fetch(address, { redirect: 'manual', signal });
  const cashier = new URL(entered.headers.get('location') ?? '', address).href;
  const paid = await fetch(`${cashier}/pay`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    signal,
  });
  if (!paid.ok) throw new CommandFailure(`the cashier answers ${paid.status}`);
};
