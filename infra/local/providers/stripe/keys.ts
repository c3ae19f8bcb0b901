import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keptKeys } from '../key-file.ts';

/** The keys of the protocol, made at the first start. This file signs with its own code and none of the product's. */
export type SandboxKeys = {
  secretKey: string;
  publishableKey: string;
  webhookSecret: string;
  /** The value of `Stripe-Signature`. */
  sign: (body: string, seconds: number) => string;
  /** The same by a secret that is not the merchant's. */
  signAsForger: (body: string, seconds: number) => string;
};

const random = (): string => randomBytes(16).toString('hex');

export const sandboxKeys = (folder: string): SandboxKeys => {
  const kept = keptKeys(join(folder, 'stripe-keys.json'), () => ({
    secretKey: `sk_test_${random()}`,
    publishableKey: `pk_test_${random()}`,
    webhookSecret: `whsec_${random()}`,
  }));
  return {
    ...kept,
    sign: (body, seconds) => signedBy(kept.webhookSecret, body, seconds),
    signAsForger: (body, seconds) => signedBy('whsec_other', body, seconds),
  };
};

const signedBy = (secret: string, body: string, seconds: number): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
