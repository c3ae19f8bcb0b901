import { createHash, createHmac } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from '../run/local-files.ts';

export const groups = ['operators', 'gates'] as const;
export type Group = (typeof groups)[number];

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

export type TokenWish = {
  issuer: string;
  clientId: string;
  email: string;
  groups: readonly string[];
};

/** Longer than Cognito's hour, so that a token from the morning still works at noon. */
export const tokenHours = 12;

/** An id token with the same claims as Cognito's. The same address is always the same user. */
export const issueToken = async (key: IssuerKey, wish: TokenWish): Promise<string> => {
  const email = wish.email.trim().toLowerCase();
  const subject = subjectOf(key, email);
  return new SignJWT({
    email,
    email_verified: true,
    token_use: 'id',
    'cognito:username': subject,
    ...(wish.groups.length > 0 && { 'cognito:groups': wish.groups }),
  })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid })
    .setIssuer(wish.issuer)
    .setAudience(wish.clientId)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(`${tokenHours}h`)
    .sign(await importJWK(key, 'RS256'));
};

/** A UUID made of the address and this installation's key, so that we need not store users. */
export const subjectOf = ({ d }: IssuerKey, email: string): string => {
  const salt = createHash('sha256').update(d).digest();
  const hex = createHmac('sha256', salt).update(email).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
};
