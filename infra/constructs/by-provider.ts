import { providerNames } from '../../functions/routes.ts';

export type ProviderName = (typeof providerNames)[number];

/** One thing for each payment provider, by name. */
export const byProvider = <Value>(make: (name: ProviderName) => Value): Record<ProviderName, Value> =>
  Object.fromEntries(providerNames.map((name) => [name, make(name)])) as Record<ProviderName, Value>;
