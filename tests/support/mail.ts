import { SESv2Client } from '@aws-sdk/client-sesv2';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** CommonJS whose types and whose run time disagree on what a default import is: taken as it is. */
const { default: startServer } = jest.requireActual<{
  default: (options: { host: string; port: number }) => Promise<Server>;
}>('aws-ses-v2-local');

/** A mail as the emulator keeps it; contents of attachments are base64. */
export type ReceivedMail = {
  from: string;
  destination: { to: string[] };
  subject: string;
  body: { html?: string; text?: string };
  attachments: {
    filename?: string;
    contentType: string;
    content: string;
    contentId?: string;
    contentDisposition?: string;
  }[];
};

export type TestMail = {
  endpoint: string;
  client: SESv2Client;
  /** All mails received since the start or the last `clear`, oldest first. */
  received(): Promise<ReceivedMail[]>;
  clear(): Promise<void>;
  stop(): Promise<void>;
};

/** A mail service of one's own, on a free port. */
export const testMail = async (): Promise<TestMail> => {
  const server = await startServer({ host: '127.0.0.1', port: 0 });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new SESv2Client({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    endpoint,
    client,
    received: async () => {
      const answer = await fetch(`${endpoint}/store`);
      return ((await answer.json()) as { emails: ReceivedMail[] }).emails;
    },
    clear: async () => {
      await fetch(`${endpoint}/clear-store`, { method: 'POST' });
    },
    stop: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
