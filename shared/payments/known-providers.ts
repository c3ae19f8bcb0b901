/**
 * The one list of payment providers, by the name used in payments, routes and secrets. A name here needs a folder
 * of its own with an entry (providers.ts), and its callback (functions/payment-callbacks). Everything else that a
 * provider needs of a deployment follows from its name: its secret, who may read it, its route, its line in the dashboard.
 */
export const knownProviders = {
  alipay: { title: 'Alipay' },
} as const satisfies Record<string, { title: string }>;

type Name = keyof typeof knownProviders;

export const providerNames = Object.keys(knownProviders) as [Name, ...Name[]];

/** The variable that holds where the secret of a provider lies: `ALIPAY_SECRET_ID`. */
export const secretVariable = (name: Name): `${string}_SECRET_ID` => `${name.toUpperCase()}_SECRET_ID`;
