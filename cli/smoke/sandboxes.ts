import type { ProviderName } from '../../shared/payments/model.ts';

/**
 * The providers whose own sandbox the smoke test knows, by the domain of its gateway. Its cashier asks a test buyer to sign
 * in, so a person pays there.
 */
const sandboxDomains: Partial<Record<ProviderName, string>> = { alipay: 'alipaydev.com' };

export const hasSandbox = (provider: string): provider is ProviderName =>
  Object.hasOwn(sandboxDomains, provider);

/**
 * Who can press the button at the cashier of a gateway: `machine` at the sandbox of the local run, `person` at the
 * provider's own sandbox. Anything else takes real money, so nobody.
 */
export const decideCashier = (provider: ProviderName, gateway: string): 'machine' | 'person' | 'nobody' => {
  const host = URL.parse(gateway)?.hostname ?? '';
  if (host === '127.0.0.1' || host === 'localhost') return 'machine';
  const domain = sandboxDomains[provider];
  return domain !== undefined && (host === domain || host.endsWith(`.${domain}`)) ? 'person' : 'nobody';
};

/** The gateway that a provider's secret names; none if it is no such secret. A parser's own error would quote its keys. */
export const gatewayIn = (secret: string): string => {
  try {
    const { gateway } = JSON.parse(secret) as { gateway?: unknown };
    return typeof gateway === 'string' ? gateway : '';
  } catch {
    return '';
  }
};
