import { createHash, createHmac } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from '../run/local-files.ts';
import type { IssuerKey } from './issuer-keys.ts';

export const groups = ['operators', 'gates'] as const;
export type Group = (typeof groups)[number];

const userSchema = z.object({ sub: z.uuid(), email: z.string() });
export type User = z.infer<typeof userSchema>;

/** A file for each user: the command line may add one while the issuer runs. */
const fileOf = (dataDir: string, sub: string) => join(dataDir, 'users', `${sub}.json`);

/** The user with this address, who exists from now on. The same address is always the same user. */
export const signUp = (dataDir: string, key: IssuerKey, address: string): User => {
  const email = address.trim().toLowerCase();
  const sub = subjectOf(key, email);
  const user = readUser(dataDir, sub);
  if (user) return user;
  writeJson(fileOf(dataDir, sub), { sub, email });
  return { sub, email };
};

export const readUser = (dataDir: string, sub: string): User | undefined => {
  if (!z.uuid().safeParse(sub).success) return undefined;
  const { data } = userSchema.safeParse(readJson(fileOf(dataDir, sub)));
  return data;
};

/** A UUID made of the address and this installation's key, so that it outlives the list of users. */
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
