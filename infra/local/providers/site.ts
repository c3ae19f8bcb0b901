import type { IncomingMessage } from 'node:http';
import { errorPage, latestPage } from './pages.ts';
import {
  html,
  json,
  redirect,
  type Answer,
  type ProviderSandbox,
  type SandboxRequest,
} from './provider-sandbox.ts';

type Providers = Readonly<Record<string, ProviderSandbox<unknown>>>;

const bodyBytesMax = 1024 * 1024;
const listedMax = 50;

/** All HTTP answers of the sandbox; `startSandbox` lists the addresses. */
export const sandboxSite =
  (providers: Providers) =>
  async (incoming: IncomingMessage): Promise<Answer> => {
    const request = await read(incoming);
    for (const provider of Object.values(providers)) {
      const answer = await provider.answer(request);
      if (answer) return answer;
    }
    return (
      (request.method === 'GET' ? shared(request.url, providers) : undefined) ??
      html(404, errorPage('页面不存在 This page does not exist', request.url.pathname))
    );
  };

const shared = ({ pathname, searchParams }: URL, providers: Providers): Answer | undefined => {
  switch (pathname) {
    case '/': {
      const latest = Object.values(providers).flatMap((provider) => provider.latest(listedMax));
      return html(200, latestPage(latest.sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, listedMax)));
    }
    case '/books': {
      const books = Object.entries(providers).map(([name, provider]) => [name, provider.books()]);
      return json(JSON.stringify(Object.fromEntries(books), undefined, 2));
    }
    case '/scan':
      return scan(searchParams.get('code') ?? '', providers);
    default:
      return undefined;
  }
};

const scan = (code: string, providers: Providers): Answer => {
  for (const provider of Object.values(providers)) {
    const address = code && provider.pageOf(code);
    if (address) return redirect(address);
  }
  return html(404, errorPage('无法识别 No payment has this code', code.slice(0, 200)));
};

export const unreadable = (): Answer =>
  html(400, errorPage('无法读取请求 We could not read the request', ''));

const read = async (incoming: IncomingMessage): Promise<SandboxRequest> => ({
  method: incoming.method ?? 'GET',
  url: new URL(incoming.url ?? '/', 'http://sandbox'),
  target: incoming.url ?? '/',
  headers: incoming.headers as Record<string, string | undefined>,
  body: await bodyOf(incoming),
});

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new RangeError('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
