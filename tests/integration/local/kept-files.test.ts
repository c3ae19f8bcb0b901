import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openLines } from '../../../infra/local/run/kept-lines.ts';
import { startMail, type LocalMail } from '../../../infra/local/messaging/mail.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { openRotating } from '../../../infra/local/run/rotating-file.ts';
import { temporaryFolder } from './temporary.ts';

it('a log has an end, and the newest is in it', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'deep', 'functions.log');
  const line = (n: number) => `line ${String(n).padStart(5, '0')}\n`;
  let write = openRotating(file, 1000);
  for (let n = 0; n < 5000; n += 1) {
    // A restart goes on with the file that is there.
    if (n % 700 === 0) write = openRotating(file, 1000);
    write(line(n));
    expect(statSync(file).size).toBeLessThanOrEqual(1000);
  }
  expect(readdirSync(join(folder, 'deep')).sort()).toEqual(['functions.log', 'functions.log.1']);
  const kept = readFileSync(`${file}.1`, 'utf8') + readFileSync(file, 'utf8');
  const lines = kept.trimEnd().split('\n');
  expect(lines.at(-1)).toBe(line(4999).trim());
  expect(lines).toEqual(lines.map((_, index) => line(5000 - lines.length + index).trim()));
});

it('a line longer than the whole log is written all the same', () => {
  const file = join(temporaryFolder(), 'functions.log');
  const write = openRotating(file, 10);
  write('a line that is longer\n');
  expect(readFileSync(file, 'utf8')).toBe('a line that is longer\n');
});

it('of many entries the newest are kept, in memory and on disk, also after a restart', () => {
  const file = join(temporaryFolder(), 'entries.jsonl');
  const kept = openLines<{ n: number }>(file, 10);
  for (let n = 0; n < 1003; n += 1) {
    kept.add({ n });
    expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeLessThan(20);
  }
  const newest = Array.from({ length: 10 }, (_, index) => ({ n: 993 + index }));
  expect(kept.all()).toEqual(newest);
  expect(openLines(file, 10).all()).toEqual(newest);
});

describe('the inbox', () => {
  const folder = temporaryFolder();
  let mail: LocalMail;
  const start = async () =>
    (mail = await startMail({ port: await freePort(), folder, sets: new Map(), now: Date.now, mailsMax: 5 }));
  beforeAll(start);
  afterAll(() => mail.stop());

  const send = async (subject: string) => {
    const answer = await fetch(`${mail.endpoint}/v2/email/outbound-emails`, {
      method: 'POST',
      headers: { authorization: 'AWS4', 'content-type': 'application/json' },
      body: JSON.stringify({
        FromEmailAddress: 'a@keyun.example',
        Destination: { ToAddresses: ['b@example.com'] },
        Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: 'text' } } } },
      }),
    });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { MessageId: string }).MessageId;
  };
  const subjects = async () => {
    const store = (await (await fetch(`${mail.endpoint}/store`)).json()) as { emails: { subject: string }[] };
    return store.emails.map(({ subject }) => subject);
  };

  it('shows the newest mails, and puts them back after a restart', async () => {
    for (let n = 0; n < 23; n += 1) await send(`mail ${n}`);
    const newest = ['mail 18', 'mail 19', 'mail 20', 'mail 21', 'mail 22'];
    expect(await subjects()).toEqual(newest);
    await mail.stop();
    await start();
    expect(await subjects()).toEqual(newest);
  });

  it('gives a mail as a file, and does not end with one that it does not have', async () => {
    const id = await send('one more');
    const get = (query: string) => fetch(`${mail.endpoint}/get-emlContent${query}`);
    expect((await get(`?messageId=${id}`)).status).toBe(200);
    for (const query of ['', '?messageId=', '?messageId=none', `?messageId=${id}&messageId=x`])
      expect((await get(query)).status).toBe(404);
    expect((await subjects()).at(-1)).toBe('one more');
  });

  it('stays empty when it was cleared, and takes mails after that', async () => {
    await fetch(`${mail.endpoint}/clear-store`, { method: 'POST' });
    expect(await subjects()).toEqual([]);
    await mail.stop();
    await start();
    expect(await subjects()).toEqual([]);
    await send('a new one');
    expect(await subjects()).toEqual(['a new one']);
  });
});
