import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import { join } from 'node:path';

export type LocalMail = { endpoint: string; stop(): Promise<void> };

type Mail = Record<string, unknown>;
type MailStore = { getStoreReadonly(): { emails: Mail[] } };
type MailServer = { default(options: { host: string; port: number }): Promise<Server> };

/**
 * The mail service with its inbox at `/` and as JSON at `/store`. It keeps mails in memory alone, so each is also
 * written as a line of `mail.jsonl` in `folder` and put back after a restart.
 */
export const startMail = async (port: number, folder: string): Promise<LocalMail> => {
  // CommonJS without exports of its store: loaded by path.
  const require = createRequire(import.meta.url);
  const { getStoreReadonly } = require('aws-ses-v2-local/dist/store') as MailStore;
  const mailServer = require('aws-ses-v2-local') as MailServer;
  const file = join(folder, 'mail.jsonl');
  const { emails } = getStoreReadonly();
  emails.length = 0;
  emails.push(...linesOf(file));
  emails.push = (...mails: Mail[]) => {
    for (const mail of mails) appendFileSync(file, `${JSON.stringify(mail)}\n`, { mode: 0o600 });
    return Array.prototype.push.apply(emails, mails);
  };
  const server = await mailServer.default({ host: '127.0.0.1', port });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** A line that a kill cut off is left out. */
const linesOf = (file: string): Mail[] => {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Mail];
      } catch {
        return [];
      }
    });
};
