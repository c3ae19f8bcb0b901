import { providerNames, secretVariable } from '../../shared/payments/known-providers.ts';

/** Every provider's secret: its id in the template, and the variable that tells a function where it is. */
export const providerSecrets = providerNames.map((name) => ({
  name,
  id: `${name.charAt(0).toUpperCase()}${name.slice(1)}Secret`,
  variable: secretVariable(name),
}));
