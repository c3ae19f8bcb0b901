import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from '../run/local-files.ts';
import type { AuthorizeRequest } from './read-authorize-request.ts';

/** Who has signed in, when, and for what. The times are seconds since 1970. */
const signInSchema = z.object({
  sub: z.string(),
  groups: z.array(z.string()),
  scope: z.string(),
  authTime: z.number(),
  /** The name of this sign-in, which all its tokens share. */
  originJti: z.string(),
});
export type SignIn = z.infer<typeof signInSchema>;

const refreshSchema = z.object({
  signIn: signInSchema,
  expiresAt: z.number(),
  /** The first use, if each use makes another token. */
  usedAt: z.number().optional(),
});

const keptSchema = z.object({
  /** By the hash of the token. */
  refresh: z.record(z.string(), refreshSchema),
  /** Sign-ins whose tokens are no longer good, with the end of the longest of them. */
  revoked: z.record(z.string(), z.number()),
});
type Kept = z.infer<typeof keptSchema>;

type Code = { signIn: SignIn; request: AuthorizeRequest; expiresAt: number };

export type SignIns = {
  /** A code that its client redeems within five minutes, as Cognito's, and once. */
  makeCode(signIn: SignIn, request: AuthorizeRequest): string;
  redeem(code: string): Code | undefined;
  makeRefresh(signIn: SignIn, expiresAt: number): string;
  /** The sign-in of a refresh token that is still good. `graceSeconds`: each is good for one use, and this time after it. */
  use(token: string, graceSeconds: number | undefined): { signIn: SignIn; expiresAt: number } | undefined;
  /** Ends the sign-in of a refresh token; says whether it knows the token. */
  revoke(token: string): boolean;
  isRevoked(originJti: string): boolean;
};

const codeSeconds = 300;

const secret = (): string => randomBytes(32).toString('base64url');
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Keeps refresh tokens in `dataDir`, so that a user stays signed in over a restart, and codes in memory. */
export const openSignIns = (dataDir: string, now: () => number): SignIns => {
  const file = join(dataDir, 'sign-ins.json');
  const codes = new Map<string, Code>();
  const { data } = keptSchema.safeParse(readJson(file));
  const kept: Kept = data ?? { refresh: {}, revoked: {} };

  const keep = (): void => {
    const isOver = (at: number) => at <= now();
    for (const [hash, { expiresAt }] of Object.entries(kept.refresh))
      if (isOver(expiresAt)) delete kept.refresh[hash];
    for (const [jti, until] of Object.entries(kept.revoked)) if (isOver(until)) delete kept.revoked[jti];
    writeJson(file, kept);
  };

  return {
    makeCode: (signIn, request) => {
      for (const [code, { expiresAt }] of codes) if (expiresAt <= now()) codes.delete(code);
      const code = secret();
      codes.set(code, { signIn, request, expiresAt: now() + codeSeconds });
      return code;
    },
    redeem: (code) => {
      const found = codes.get(code);
      codes.delete(code);
      return found && found.expiresAt > now() ? found : undefined;
    },
    makeRefresh: (signIn, expiresAt) => {
      const token = secret();
      kept.refresh[hashOf(token)] = { signIn, expiresAt };
      keep();
      return token;
    },
    use: (token, graceSeconds) => {
      const found = kept.refresh[hashOf(token)];
      if (!found || found.expiresAt <= now()) return undefined;
      if (graceSeconds === undefined) return found;
      if (found.usedAt !== undefined && found.usedAt + graceSeconds <= now()) return undefined;
      found.usedAt ??= now();
      keep();
      return found;
    },
    revoke: (token) => {
      const found = kept.refresh[hashOf(token)];
      if (!found) return false;
      const { originJti } = found.signIn;
      for (const [hash, { signIn }] of Object.entries(kept.refresh))
        if (signIn.originJti === originJti) delete kept.refresh[hash];
      kept.revoked[originJti] = found.expiresAt;
      keep();
      return true;
    },
    isRevoked: (originJti) => originJti in kept.revoked,
  };
};
