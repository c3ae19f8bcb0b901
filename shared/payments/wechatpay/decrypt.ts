import { createDecipheriv } from 'node:crypto';
import { accepted, rejected, type Outcome } from '../../platform/outcome.ts';
import type { Envelope } from './model.ts';

const nonceBytes = 12;
const tagBytes = 16;

/**
 * The content of a notification: AES-256-GCM with the merchant's APIv3 key; the last sixteen bytes are the tag, which proves that
 * the holder of the key wrote it.
 */
export const decrypt = (
  {
    ciphertext,
    nonce,
    associated_data: associated,
  }: Pick<Envelope['resource'], 'ciphertext' | 'nonce' | 'associated_data'>,
  apiV3Key: string,
): Outcome<{ content: Buffer }, 'ciphertext'> => {
  const bytes = Buffer.from(ciphertext, 'base64');
  if (bytes.length <= tagBytes || Buffer.byteLength(nonce) !== nonceBytes) return rejected('ciphertext');
  try {
    // Node takes both as UTF-8, several times as fast as out of a buffer.
    const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(associated, 'utf8'));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return accepted({
      content: Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]),
    });
  } catch {
    return rejected('ciphertext');
  }
};
