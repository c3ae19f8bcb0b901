import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { freshPrivatePem, keptKeys } from '../key-file.ts';

/** Numbers in Alipay's format: an application's id, and the accounts of a seller and a buyer. */
export const appId = '2021000000000001';
export const sellerId = '2088000000000001';
export const buyerId = '2088000000000002';

/**
 * The two key pairs of the protocol. This file signs and verifies with its own code and none of the product's: a
 * mistake on one side then shows as a disagreement, while shared code would agree with itself.
 */
export type SandboxKeys = {
  /** What the merchant receives, as the secret of the deployment. */
  merchantPrivatePem: string;
  alipayPublicPem: string;
  signAsAlipay: (text: string) => string;
  /** A correct signature by a key that is not Alipay's. */
  signAsForger: (text: string) => string;
  isSignedByMerchant: (text: string, signature: string) => boolean;
};

/** Reads the keys of this sandbox, or creates them at the first start. */
export const sandboxKeys = (folder: string): SandboxKeys => {
  const read = keptKeys(join(folder, 'alipay-keys.json'), () => ({
    merchant: freshPrivatePem(),
    alipay: freshPrivatePem(),
  }));
  const [merchant, alipay] = [createPrivateKey(read.merchant), createPrivateKey(read.alipay)];
  const merchantPublic = createPublicKey(merchant);
  return {
    merchantPrivatePem: read.merchant,
    alipayPublicPem: createPublicKey(alipay).export({ type: 'spki', format: 'pem' }).toString(),
    signAsAlipay: (text) => rsa2(text, alipay),
    signAsForger: (text) => rsa2(text, merchant),
    isSignedByMerchant: (text, signature) =>
      verify('sha256', Buffer.from(text), merchantPublic, Buffer.from(signature, 'base64')),
  };
};

const rsa2 = (text: string, key: KeyObject): string =>
  sign('sha256', Buffer.from(text), key).toString('base64');

/** Joins `key=value` by `&` in the order of the keys. A request leaves out empty values; a notification has none. */
export const textToSign = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
