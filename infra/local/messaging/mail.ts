import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { openLines, type KeptLines } from '../run/kept-lines.ts';
import { guardMailServer } from './mail-guard.ts';

export type LocalMail = { endpoint: string; stop(): Promise<void> };

type Mail = Record<string, unknown>;
type MailStore = { emails: Mail[] };
type MailServer = { default(options: { host: string; port: number }): Promise<Server> };

/** The newest are kept: each carries its tickets, and the inbox's page loads all of them. */
const mailsMax = 500;

/**
 * The mail service with its inbox at `/` and as JSON at `/store`. It keeps mails in memory alone, so each is also
 * written as a line of `mail.jsonl` in `folder` and put back after a restart.
 */
export const startMail = async (port: number, folder: string, max = mailsMax): Promise<LocalMail> => {
  // CommonJS without exports of its store: loaded by path.
  const require = createRequire(import.meta.url);
  const { getStoreReadonly } = require('aws-ses-v2-local/dist/store') as {
    getStoreReadonly(): MailStore;
  };
  const mailServer = require('aws-ses-v2-local') as MailServer;
  const mails = openLines<Mail>(join(folder, 'mail.jsonl'), max);
  keepMails(getStoreReadonly(), mails);
  const server = await mailServer.default({ host: '127.0.0.1', port });
  guardMailServer(server, (id) => mails.all().some(({ messageId }) => messageId === id));
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** The emulator pushes what it is sent, reads the whole, and puts an empty list there to clear it. */
const keepMails = (store: MailStore, mails: KeptLines<Mail>): void => {
  const inbox = () =>
    Object.assign([...mails.all()], {
      push: (...sent: Mail[]) => {
        for (const mail of sent) mails.add(mail);
        return mails.all().length;
      },
    });
  Object.defineProperty(store, 'emails', {
    configurable: true,
    get: inbox,
    set: (replacement: Mail[]) => {
      mails.replace(replacement);
    },
  });
};
