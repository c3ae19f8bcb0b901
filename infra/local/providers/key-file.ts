import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Reads a provider's keys from a file, or makes them at the first start. */
export const keptKeys = <Keys extends Record<string, string>>(file: string, make: () => Keys): Keys => {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    // We rename the file into place, so that a kill during the start leaves no partial file behind.
    writeFileSync(`${file}.new`, JSON.stringify(make()), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Keys;
};

/** A fresh RSA key as PKCS #8. */
export const freshPrivatePem = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
