import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSignedBy } from '../../shared/payments/rsa-sha256.ts';
import { decrypt } from '../../shared/payments/wechatpay/decrypt.ts';

type Vectors = {
  wechat_aead: {
    key: string;
    nonce: string;
    aad: string;
    ciphertext: string;
    plaintext: string;
    reject_aad: string;
    reject_nonce: string;
  };
  wechat_verify: { certificate: string; message: string; signature: string; wrong_public_key: string };
};

const file = join(process.env['KEYUN_SHARED_DATA'] ?? '', 'payment-vectors', 'vectors.json');
const { wechat_aead: aead, wechat_verify: signed } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

test('WeChat Pay’s published ciphertext', () => {
  const resource = { ciphertext: aead.ciphertext, nonce: aead.nonce, associated_data: aead.aad };
  const opened = decrypt(resource, aead.key);
  expect(opened.outcome === 'accepted' && opened.content.toString()).toBe(aead.plaintext);
  const refused = { outcome: 'rejected', reason: 'ciphertext' };
  expect(decrypt({ ...resource, associated_data: aead.reject_aad }, aead.key)).toEqual(refused);
  expect(decrypt({ ...resource, nonce: aead.reject_nonce }, aead.key)).toEqual(refused);
});

test('WeChat Pay’s published signature, by its certificate', () => {
  const key = createPublicKey(signed.certificate);
  expect(isSignedBy(signed.message, signed.signature, key)).toBe(true);
  expect(isSignedBy(`${signed.message}.`, signed.signature, key)).toBe(false);
  expect(isSignedBy(signed.message, signed.signature, createPublicKey(signed.wrong_public_key))).toBe(false);
});
