import { style } from './style.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');

/** Who gets the money, as the buyer sees it; the colour as `#rrggbb`. */
export type Merchant = { name: string; colour?: string | undefined };

const everyProvider = '支付沙箱 · Payment sandbox';

/** The providers' own pages are Chinese or English; these say the same in both. `heading` names the provider. */
export const page = (title: string, content: string, heading = everyProvider): string => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body><main>
<header><h1>${heading}</h1>
<p>仅在本机模拟，不会产生真实扣款 · Runs on this machine; no real money moves</p></header>
${content}
</main></body>
</html>
`;

/** A line of a description list. */
export const row = (name: string, value: string): string => `<dt>${name}</dt><dd>${escaped(value)}</dd>`;

export type Button = { action: string; title: string; hint?: string };

/** A button that posts to `<address>/<action>`. */
export const button = (address: string, { action, title, hint }: Button, main = false): string =>
  `<form method="post" action="${escaped(address)}/${action}">` +
  `<button${main ? ' class="main"' : ''}><span>${title}</span>${hint ? `<small>${hint}</small>` : ''}</button></form>`;

/** A payment in the list of all providers: its page, and its state as HTML. */
export type Listed = {
  at: string;
  address: string;
  provider: string;
  subject: string;
  amount: string;
  state: string;
};

/** The latest payments of every provider, newest first. */
export const latestPage = (payments: readonly Listed[]): string => {
  const items = payments.map(
    ({ address, provider, subject, at, amount, state }) =>
      `<li><a href="${escaped(address)}">
<span>${escaped(subject)}<br><small>${provider} · ${escaped(at)}</small></span>
<span>${escaped(amount)}<br>${state}</span></a></li>`,
  );
  const none = '<p class="soft">暂无交易 A payment appears here when a buyer opens it.</p>';
  return page(
    'Payment sandbox',
    `<section><h2>最近交易 Recent payments</h2>${items.length > 0 ? `<ul>${items.join('')}</ul>` : none}</section>
<section><h2>扫一扫 Scan</h2><form method="get" action="/scan">
<input name="code" aria-label="code" placeholder="二维码内容 The text of a code"><button><span>扫码 Scan</span></button></form></section>
<nav><a href="/books">账本 Books (JSON)</a></nav>`,
  );
};

export const errorPage = (title: string, detail: string): string =>
  page(
    title,
    `<section class="message"><h2>${escaped(title)}</h2><div>${escaped(detail)}</div></section>
<nav><a href="/">全部交易 All payments</a></nav>`,
  );
