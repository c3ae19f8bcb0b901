import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from '../run/local-files.ts';

const keySchema = z.looseObject({ kid: z.string(), n: z.string(), e: z.string(), d: z.string() });
export type IssuerKey = z.infer<typeof keySchema>;

const fileOf = (dataDir: string) => join(dataDir, 'issuer.json');

/** The issuer's private key, created at the first start. */
export const issuerKey = async (dataDir: string): Promise<IssuerKey> => {
  const kept = keySchema.safeParse(readJson(fileOf(dataDir)));
  if (kept.success) return kept.data;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = keySchema.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk) });
  writeJson(fileOf(dataDir), key);
  return key;
};

export const publicKeyOf = ({ kid, n, e }: IssuerKey): JWK => ({
  kty: 'RSA',
  use: 'sig',
  alg: 'RS256',
  kid,
  n,
  e,
});
