import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startIssuer, type Issuer } from '../../../infra/local/identity/issuer.ts';
import { projectRoot } from '../../../infra/local/run/paths.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { sampleClient } from '../../support/sample-client.ts';
import { temporaryFolder } from './temporary.ts';

const page = readFileSync(join(projectRoot, 'docs/how-to/sign-in.md'), 'utf8');
const dataDir = temporaryFolder();
let issuer: Issuer;
let port: number;

beforeAll(async () => {
  port = await freePort();
  const client = { ...sampleClient, callbackUrls: [`http://127.0.0.1:${port}/signed-in`] };
  issuer = await startIssuer({ port: await freePort(), dataDir, client });
});
afterAll(() => issuer.stop());

test('the example of the how-to signs in', async () => {
  const [, example = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
  const program = spawn(
    process.execPath,
    ['--input-type=module', '-', issuer.endpoint, sampleClient.clientId],
    { cwd: projectRoot, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  program.stdin.end(example.replaceAll('3009', String(port)));
  const printed = text(program.stdout);
  const address = await new Promise<string>((resolve) =>
    program.stdout.once('data', (chunk) => resolve(/http\S+/.exec(String(chunk))?.[0] ?? '')),
  );

  const asked = await fetch(address);
  const body = new URLSearchParams({ email: 'zhang@example.com' });
  const cameBack = await fetch(asked.url, { method: 'POST', body });
  expect([cameBack.url.split('?')[0], await cameBack.text()]).toEqual([
    `http://127.0.0.1:${port}/signed-in`,
    'You can close this page.',
  ]);
  expect(await printed).toMatch(/^Signed in as zhang@example.com\. The access token is\n\S+\.\S+\.\S+$/m);
});
