import { knownProviders, secretVariable } from '../../shared/payments/known-providers.ts';
import { providerSchema, type PaymentAction, type ProviderName } from '../../shared/payments/model.ts';
import { secretIdOf } from '../../shared/platform/config.ts';
import { readChangingSecret } from '../../shared/platform/secrets.ts';
import { CommandFailure } from '../connect.ts';
import { codeOf } from '../demo/code-of.ts';
import { told, type Api, type Order } from './api.ts';
import { waitFor, type Buying } from './buy.ts';
import { confirmation, decideBuyer, toldBy, type Buyer } from './sandboxes.ts';
import { Skipped } from './steps.ts';

const byMachineMilliseconds = 90_000;
/** A person signs in at the sandbox's cashier first. It is also the time that a hold lasts there. */
const byPersonMilliseconds = 600_000;

type Methods = { providers?: { provider: string }[] };
type Started = { action?: PaymentAction };

export const titleOf = (provider: ProviderName): string => knownProviders[provider].title;

/** The providers that passengers are offered. Throws `Skipped` if there is none. */
export const offeredProviders = async (api: Api): Promise<ProviderName[]> => {
  const { body } = await api.get<Methods>('/v1/payment-methods');
  const offered = (body.providers ?? []).flatMap(
    ({ provider }) => providerSchema.safeParse(provider).data ?? [],
  );
  if (offered.length === 0) throw new Skipped('no provider is switched on, or none takes the currency');
  return offered;
};

/** Who pays with this provider. Throws `Skipped` if nobody can without real money. */
export const findBuyer = async (provider: ProviderName, isAttended: boolean): Promise<Paying> => {
  const secretId = secretIdOf(secretVariable(provider));
  const text = secretId && (await readChangingSecret(secretId, { doubted: false })).text;
  const buyer = decideBuyer(provider, toldBy(text || '{}'));
  if (buyer.by === 'nobody') throw new Skipped(buyer.why);
  if (buyer.by === 'person' && !isAttended)
    throw new Skipped('its sandbox needs a person at a terminal, who pays at its cashier');
  return buyer;
};

export type Paying = Exclude<Buyer, { by: 'nobody' }>;

/** Pays an order without real money, and waits for the ticket. `tell` gets the address for a person. */
export const payOrder = async (
  buying: Buying,
  { orderId }: Order,
  { provider, buyer, tell }: { provider: ProviderName; buyer: Paying; tell: (line: string) => void },
): Promise<string> => {
  const { api, signal } = buying;
  // A person opens an address; anybody else takes what fits.
  const method = buyer.by === 'person' ? { method: 'page' } : {};
  const wish = { provider, ...method, returnUrl: 'https://example.com/' };
  const started = await api.post<Started>(`/v1/orders/${orderId}/payments`, wish);
  const { action } = started.body;
  if (started.status !== 201 || !action) throw new CommandFailure(`the payment answers ${told(started)}`);
  const code = codeOf(action);
  if (buyer.by === 'machine') await press(buyer.cashier, code, signal);
  else if (buyer.by === 'test-card') await confirm(code, buyer, signal);
  else tell(`Pay here as a test buyer of the sandbox: ${code}`);
  const milliseconds = buyer.by === 'person' ? byPersonMilliseconds : byMachineMilliseconds;
  const issued = await waitFor(buying, { orderId }, { state: 'issued', milliseconds });
  const ticketId = issued.items[0]?.ticketId ?? '';
  const ticket = await api.get(`/v1/tickets/${ticketId}`);
  if (ticket.status !== 200) throw new CommandFailure(`the ticket ${ticketId} answers ${told(ticket)}`);
  return ticketId;
};

/** What the button of the local sandbox's cashier does; the sandbox finds the page of whatever the buyer has got. */
const press = async (cashier: string, code: string, signal: AbortSignal): Promise<void> => {
  const { url: page } = await fetch(`${cashier}/scan?${new URLSearchParams({ code })}`, { signal });
  const paid = await fetch(`${page}/pay`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    signal,
  });
  if (!paid.ok) throw new CommandFailure(`the cashier answers ${paid.status}`);
};

const providerMillisecondsMax = 30_000;

type Confirmed = { status?: string; error?: { code?: string; type?: string } };

/** Pays by the provider's test card. An error names its code alone: the rest may quote the key. */
export const confirm = async (
  clientSecret: string,
  keys: { gateway: string; secretKey: string },
  signal: AbortSignal,
): Promise<void> => {
  const [url, request] = confirmation(clientSecret, keys);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(providerMillisecondsMax)]);
  const response = await fetch(url, { ...request, signal: limited });
  const { status, error } = (await response.json().catch(() => ({}))) as Confirmed;
  if (status === 'succeeded' || status === 'processing') return;
  const why = status ?? error?.code ?? error?.type ?? `status ${response.status}`;
  throw new CommandFailure(`the provider does not take its test card: ${why}`);
};
