import {
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { join } from 'node:path';
import { freshPrivatePem, keptKeys } from '../key-file.ts';

/** Numbers in WeChat Pay's format. */
export const appId = 'wx0000000000000001';
export const mchId = '1900000001';
export const merchantSerial = '5157F09EFDC096DE15EBE81A47057A7200000001';
export const platformKeyId = 'PUB_KEY_ID_0119000000012026010100000000000001';
export const buyerOpenId = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

/**
 * The keys of the protocol. This file signs, verifies and encrypts with its own code and none of the product's: a mistake on one
 * side then shows as a disagreement, while shared code would agree with itself.
 */
export type SandboxKeys = {
  merchantPrivatePem: string;
  platformPublicPem: string;
  apiV3Key: string;
  isSignedByMerchant: (text: string, signature: string) => boolean;
  signAsPlatform: (text: string) => string;
  /** A correct signature by a key that is not WeChat Pay's. */
  signAsForger: (text: string) => string;
  /** The `resource` of a notification. */
  seal: (content: unknown, kind: string) => Record<string, string>;
};

export const sandboxKeys = (folder: string): SandboxKeys => {
  const read = keptKeys(join(folder, 'wechatpay-keys.json'), () => ({
    merchant: freshPrivatePem(),
    platform: freshPrivatePem(),
    apiV3Key: randomBytes(16).toString('hex'),
  }));
  const [merchant, platform] = [createPrivateKey(read.merchant), createPrivateKey(read.platform)];
  const merchantPublic = createPublicKey(merchant);
  return {
    merchantPrivatePem: read.merchant,
    platformPublicPem: createPublicKey(platform).export({ type: 'spki', format: 'pem' }).toString(),
    apiV3Key: read.apiV3Key,
    isSignedByMerchant: (text, signature) =>
      verify('sha256', Buffer.from(text), merchantPublic, Buffer.from(signature, 'base64')),
    signAsPlatform: (text) => signed(text, platform),
    signAsForger: (text) => signed(text, merchant),
    seal: (content, kind) => sealed(JSON.stringify(content), kind, read.apiV3Key),
  };
};

const signed = (text: string, key: KeyObject): string =>
  sign('sha256', Buffer.from(text), key).toString('base64');

const sealed = (text: string, kind: string, apiV3Key: string): Record<string, string> => {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(kind));
  const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    original_type: kind,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: bytes.toString('base64'),
    associated_data: kind,
    nonce,
  };
};

/** The four headers that prove who wrote a body, and when. */
export const proofOf = (
  body: string,
  seconds: number,
  signer: (text: string) => string,
): Record<string, string> => {
  const nonce = randomBytes(16).toString('hex');
  return {
    'wechatpay-timestamp': String(seconds),
    'wechatpay-nonce': nonce,
    'wechatpay-serial': platformKeyId,
    'wechatpay-signature': signer(`${seconds}\n${nonce}\n${body}\n`),
  };
};
