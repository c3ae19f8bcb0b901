import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { openLines, type KeptLines } from '../run/kept-lines.ts';
import { guardMailServer } from './mail-guard.ts';
import { eventsOf, refusalOf, type ConfigurationSets, type MailEvent } from './judge-mail.ts';

export type LocalMail = {
  endpoint: string;
  /** Tells of what happens to mails after SES has taken them. */
  onEvent(listener: (event: MailEvent) => void): void;
  stop(): Promise<void>;
};

type Mail = Record<string, unknown>;
type MailStore = { emails: Mail[] };
type MailServer = { default(options: { host: string; port: number }): Promise<Server> };

type Options = {
  port: number;
  folder: string;
  /** The configuration sets of the template. */
  sets: ConfigurationSets;
  now(): number;
  mailsMax?: number;
};

/** We keep only the newest: each mail contains its tickets, and the inbox's page loads all of them. */
const mailsMaxDefault = 500;

/**
 * The mail service with its inbox at `/` and as JSON at `/store`. It keeps mails only in memory, so we also write each
 * as a line of `mail.jsonl` in `folder` and restore them after a restart.
 */
export const startMail = async ({
  port,
  folder,
  sets,
  now,
  mailsMax = mailsMaxDefault,
}: Options): Promise<LocalMail> => {
  // A CommonJS package that does not export its store: we load it by path.
  const require = createRequire(import.meta.url);
  const { getStoreReadonly } = require('aws-ses-v2-local/dist/store') as {
    getStoreReadonly(): MailStore;
  };
  const mailServer = require('aws-ses-v2-local') as MailServer;
  const mails = openLines<Mail>(join(folder, 'mail.jsonl'), mailsMax);
  keepMails(getStoreReadonly(), mails);
  const server = await mailServer.default({ host: '127.0.0.1', port });
  const listeners: ((event: MailEvent) => void)[] = [];
  guardMailServer(server, {
    hasMail: (id) => mails.all().some(({ messageId }) => messageId === id),
    refusal: (request, sandbox) => refusalOf(request, { sets, sandbox }),
    accepted: (request, messageId) => {
      const events = eventsOf(request, { sets, messageId, now: new Date(now()).toISOString() });
      for (const event of events) for (const listener of listeners) listener(event);
    },
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    onEvent: (listener) => void listeners.push(listener),
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
