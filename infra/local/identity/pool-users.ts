import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from '../run/local-files.ts';

/** What an administrator has made of a user. `password` is `<salt> <hash>`. */
const poolUserSchema = z.object({
  email: z.string(),
  status: z.enum(['FORCE_CHANGE_PASSWORD', 'CONFIRMED']),
  groups: z.array(z.string()),
  password: z.string().optional(),
});
export type PoolUser = z.infer<typeof poolUserSchema>;

const fileOf = (dataDir: string): string => join(dataDir, 'user-pool.json');
const poolSchema = z.record(z.string(), poolUserSchema);

/** The users whom an administrator has made, by their address. */
export const readPoolUsers = (dataDir: string): Record<string, PoolUser> => {
  const { data } = poolSchema.safeParse(readJson(fileOf(dataDir)));
  return data ?? {};
};

export const writePoolUsers = (dataDir: string, users: Readonly<Record<string, PoolUser>>): void =>
  writeJson(fileOf(dataDir), users);

/** The same address in any case is the same user. */
export const addressOf = (username: unknown): string => String(username).trim().toLowerCase();

/** The groups into which an administrator has put the user with this address. */
export const poolGroupsOf = (dataDir: string, email: string): readonly string[] =>
  readPoolUsers(dataDir)[addressOf(email)]?.groups ?? [];

export const sealPassword = (password: string, salt = randomBytes(12).toString('hex')): string =>
  `${salt} ${createHash('sha256').update(`${salt} ${password}`).digest('hex')}`;

export const isPasswordOf = ({ password: sealed = '' }: PoolUser, password: string): boolean =>
  sealed !== '' && sealPassword(password, sealed.split(' ')[0]) === sealed;
