import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who has signed in with a browser: they need no page for the next hour, as with Cognito. */
export type BrowserSession = { sub: string; groups: readonly string[]; authTime: number };

const sessionSeconds = 3600;
const cookieName = 'keyun-sign-in';

export type BrowserSessions = {
  /** The value of `Set-Cookie` that begins a session. */
  begin(session: BrowserSession): string;
  read(request: IncomingMessage): BrowserSession | undefined;
  /** The value of `Set-Cookie` that ends the session of this browser. */
  end(request: IncomingMessage): string;
};

export const openBrowserSessions = (now: () => number): BrowserSessions => {
  const sessions = new Map<string, BrowserSession>();
  const idOf = ({ headers: { cookie = '' } }: IncomingMessage): string =>
    new RegExp(`(?:^|; )${cookieName}=([\\w-]+)`).exec(cookie)?.[1] ?? '';
  const cookie = (id: string, seconds: number) =>
    `${cookieName}=${id}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax`;
  return {
    begin: (session) => {
      const id = randomBytes(32).toString('base64url');
      sessions.set(id, session);
      return cookie(id, sessionSeconds);
    },
    read: (request) => {
      const session = sessions.get(idOf(request));
      return session && session.authTime + sessionSeconds > now() ? session : undefined;
    },
    end: (request) => {
      sessions.delete(idOf(request));
      return cookie('', 0);
    },
  };
};
