import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { openLines, type KeptLines } from '../run/kept-lines.ts';
import { guardMailServer } from './mail-guard.ts';

export type LocalMail = { endpoint: string; stop(): Promise<void> };

type Mail = Record<string, unknown>;
type MailStore = { emails: Mail[] };
type MailServer = { default(options: { host: string; port: number }): Promise<Server> };

/** We keep only the newest: each mail contains its tickets, and the inbox's page loads all of them. */
const mailsMax = 500;

/**
 * The mail service with its inbox at `/` and as JSON at `/store`. It keeps mails only in memory, so we also write each
 * as a line of `mail.jsonl` in `folder` and restore them after a restart.
 */
export const startMail = async (port: number, folder: string, max = mailsMax): Promise<LocalMail> => {
  // A CommonJS package that does not export its store: we load it by path.
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

/** The emulator pushes each mail to this list, reads all of it, and replaces it with an empty list to clear it. */
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
