/**
 * The only list of payment providers, by the name in payments, routes and secrets. Each name needs a folder with an
 * entry (providers.ts) and its callback (functions/payment-callbacks). Everything else follows from the name: its
 * secret, the functions that may read it, its route, its line in the dashboard.
 */
export const knownProviders = {
  alipay: { title: 'Alipay' },
  wechatpay: { title: 'WeChat Pay' },
  stripe: { title: 'Stripe' },
} as const satisfies Record<string, { title: string }>;

type Name = keyof typeof knownProviders;

export const providerNames = Object.keys(knownProviders) as [Name, ...Name[]];

/** The variable that holds the id of a provider's secret: `ALIPAY_SECRET_ID`. */
export const secretVariable = (name: Name): `${string}_SECRET_ID` => `${name.toUpperCase()}_SECRET_ID`;
