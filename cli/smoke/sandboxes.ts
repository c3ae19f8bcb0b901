import type { ProviderName } from '../../shared/payments/model.ts';

/**
 * How a smoke test pays with a provider: `machine` at the cashier of the local run's sandbox, `person` at the cashier of the
 * provider's own sandbox, where a test buyer signs in, or `test-card` through the provider's API with its keys for tests.
 */
export type Buyer =
  | { by: 'machine'; cashier: string }
  | { by: 'person' }
  | { by: 'test-card'; gateway: string; secretKey: string }
  | { by: 'nobody'; why: string };

/** The parts of a provider's secret that say whose money its keys move. */
export type ToldBySecret = { gateway: string; secretKey: string };

const isOfDomain = (gateway: string, domain: string): boolean => {
  const host = URL.parse(gateway)?.hostname ?? '';
  return host === domain || host.endsWith(`.${domain}`);
};

const realMoney = (why: string): Buyer => ({ by: 'nobody', why: `${why}: buy a cheap ticket by hand` });

const stripeGateway = 'https://api.stripe.com';

/** Who pays at a provider on a deployment. Whatever is not known to be for tests takes real money, so nobody does. */
const onDeployment: Readonly<Partial<Record<ProviderName, (told: ToldBySecret) => Buyer>>> = {
  alipay: ({ gateway }) =>
    isOfDomain(gateway, 'alipaydev.com') ? { by: 'person' } : realMoney('its keys are for real money'),
  wechatpay: () => realMoney('API v3 has no sandbox, so its keys are for real money'),
  stripe: ({ gateway, secretKey }) => {
    // A restricted key is left out: it may lack the right to confirm, and the failure would say nothing about us.
    if (!secretKey.startsWith('sk_test_')) return realMoney('its key does not begin with sk_test_');
    if (gateway !== '' && gateway !== stripeGateway) return realMoney('its gateway is none that is known');
    return { by: 'test-card', gateway: stripeGateway, secretKey };
  },
};

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

export const decideBuyer = (provider: ProviderName, told: ToldBySecret): Buyer => {
  const gateway = URL.parse(told.gateway);
  return gateway && loopback.has(gateway.hostname)
    ? { by: 'machine', cashier: gateway.origin }
    : (onDeployment[provider]?.(told) ?? realMoney('we know no sandbox of it'));
};

/** What a provider's secret tells; nothing if it is no such secret. A parser's own error would quote its keys. */
export const toldBy = (secret: string): ToldBySecret => {
  try {
    const { gateway, secretKey } = (JSON.parse(secret) ?? {}) as Partial<Record<string, unknown>>;
    return { gateway: textOf(gateway), secretKey: textOf(secretKey) };
  } catch {
    return { gateway: '', secretKey: '' };
  }
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The card for tests that every payment succeeds with (source: "Testing" of Stripe's documentation). */
const testCard = 'pm_card_visa';

/**
 * The request that confirms a payment by its client secret, as the provider's form does with a card. The account's other
 * methods may leave the page, so the provider wants to know where they return to.
 */
export const confirmation = (
  clientSecret: string,
  { gateway, secretKey }: ToldBySecret,
): [string, RequestInit] => [
  `${gateway}/v1/payment_intents/${clientSecret.split('_secret_')[0]}/confirm`,
  {
    method: 'POST',
    headers: { authorization: `Bearer ${secretKey}` },
    body: new URLSearchParams({ payment_method: testCard, return_url: 'https://example.com/' }),
  },
];
