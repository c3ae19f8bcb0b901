import type { ProviderName } from '../../../shared/payments/model.ts';
import type { Wire } from './gateway.ts';
import { planted, type Signed } from './signed-notices.ts';

/** A request made of a genuine one; it must be refused. */
export type BadInput = readonly [what: string, make: (genuine: Signed) => Wire];

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const megabyte = 1024 * 1024;
const personal = Object.values(planted).join(' ');

const withBody =
  (body: string | Buffer) =>
  ({ headers }: Signed): Wire => ({ headers, body });

/** Bodies with the headers of a genuine request. */
const bodies: readonly BadInput[] = (
  [
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['a text', '"text"'],
    ['half an object', '{'],
    ['a number', '1e999'],
    ['a hundred thousand lists in each other', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['a million lists that do not end', '['.repeat(megabyte)],
    ['a megabyte of a form', `a=${'x'.repeat(megabyte)}`],
    ['a million fields', 'a=1&'.repeat(megabyte / 4)],
    ['six megabytes', 'x'.repeat(6 * megabyte)],
    ['a prototype in JSON', '{"__proto__":{"trade_status":"TRADE_SUCCESS"},"constructor":{"prototype":{}}}'],
    ['a prototype in a form', '__proto__=1&constructor=2&__proto__[x]=3&sign=a&sign_type=RSA2'],
    ['XML', `<xml><out_trade_no>${planted.name}</out_trade_no></xml>`],
    ['several parts', '--x\r\ncontent-disposition: form-data; name="sign"\r\n\r\n1\r\n--x--'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0xa0, 0xa1])],
    ['zeros', Buffer.alloc(1000)],
    ['a person', personal],
  ] as const
).map(([what, body]): BadInput => [`the body is ${what}`, withBody(body)]);

/** A genuine body that is not quite what was signed. */
const altered: readonly BadInput[] = [
  ['a blank before it', ({ headers, body }) => ({ headers, body: ` ${body}` })],
  ['a line feed after it', ({ headers, body }) => ({ headers, body: `${body}\n` })],
  ['a byte order mark before it', ({ headers, body }) => ({ headers, body: `\ufeff${body}` })],
  ['half of it', ({ headers, body }) => ({ headers, body: body.slice(0, body.length / 2) })],
  ['it twice', ({ headers, body }) => ({ headers, body: `${body}${body}` })],
  [
    'a byte in it that is no text',
    ({ headers, body }) => ({ headers, body: Buffer.concat([Buffer.from(body), Buffer.of(0xff)]) }),
  ],
  ['it in base64', ({ headers, body }) => ({ headers, body: Buffer.from(body).toString('base64') })],
  [
    'another digit in it',
    ({ headers, body }) => ({ headers, body: body.replace(/\d/, (digit) => String(9 - Number(digit))) }),
  ],
];

/** The headers of a genuine request, changed. */
const withHeaders = (
  { headers, body }: Signed,
  change: (headers: Record<string, string>) => Record<string, string | string[]>,
): Wire => ({ headers: change(headers), body });
const without = (name: string) => (request: Signed) =>
  withHeaders(request, (headers) =>
    Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)),
  );
const doubled = (name: string) => (request: Signed) =>
  withHeaders(request, (headers) => ({ ...headers, [name]: [headers[name] ?? '', headers[name] ?? ''] }));
const instead = (name: string, value: (was: string) => string) => (request: Signed) =>
  withHeaders(request, (headers) => ({ ...headers, [name]: value(headers[name] ?? '') }));

const inHeader = (name: string): BadInput[] => [
  [`${name} is missing`, without(name)],
  [`${name} comes twice`, doubled(name)],
  [`${name} is empty`, instead(name, () => '')],
  [`${name} is another`, instead(name, (was) => `${was.slice(0, -3)}${was.endsWith('0') ? '111' : '000'}`)],
  [`${name} is long`, instead(name, (was) => was.repeat(40).slice(0, 6000))],
  [`${name} names a person`, instead(name, () => encodeURIComponent(personal))],
];

const field =
  (name: string, value: string) =>
  ({ headers, body }: Signed): Wire => {
    const fields = new URLSearchParams(body);
    fields.set(name, value);
    return { headers, body: fields.toString() };
  };
const lacking =
  (name: string) =>
  ({ headers, body }: Signed): Wire => {
    const fields = new URLSearchParams(body);
    fields.delete(name);
    return { headers, body: fields.toString() };
  };

const alipay: readonly BadInput[] = [
  [
    'it comes as JSON',
    ({ body }) => ({ headers: json, body: JSON.stringify(Object.fromEntries(new URLSearchParams(body))) }),
  ],
  ['its type says GBK', instead('content-type', () => 'application/x-www-form-urlencoded; charset=GBK')],
  ['its signature is missing', lacking('sign')],
  ['its signature is empty', field('sign', '')],
  ['its signature is no base64', field('sign', '%%%%')],
  ['its signature is somebody', field('sign', personal)],
  ['its signature is SHA-1', field('sign_type', 'RSA')],
  ['its kind of signature is missing', lacking('sign_type')],
  ['a field comes twice', ({ headers, body }) => ({ headers, body: `${body}&total_amount=0.01` })],
  [
    'a field comes twice, written otherwise',
    ({ headers, body }) => ({ headers, body: `${body}&total%5Famount=0.01` }),
  ],
  ['its signature comes twice', ({ headers, body }) => ({ headers, body: `${body}&sign=AAAA` })],
  [
    'a field comes first with another value',
    ({ headers, body }) => ({ headers, body: `total_amount=0.01&${body}` }),
  ],
  ['a field is added', ({ headers, body }) => ({ headers, body: `${body}&gmt_refund=1` })],
  ['a field is taken away', lacking('trade_status')],
  ['a plus is written as it is', field('sign', 'a+b/c==')],
  ['it is encoded twice', ({ headers, body }) => ({ headers, body: encodeURIComponent(body) })],
  ['a per cent stands alone', ({ headers, body }) => ({ headers, body: `${body}&x=%` })],
  ['a character is cut', ({ headers, body }) => ({ headers, body: `${body}&x=%E4%BD` })],
  ['a character is longer than it should be', ({ headers, body }) => ({ headers, body: `${body}&x=%C0%AE` })],
  ['a field has no name', ({ headers, body }) => ({ headers, body: `${body}&=1` })],
  ['fields are parted by semicolons', ({ headers, body }) => ({ headers, body: body.replaceAll('&', ';') })],
];

const resourceWith =
  (change: Record<string, unknown>) =>
  ({ headers, body }: Signed): Wire => {
    const envelope = JSON.parse(body) as { resource: object };
    return { headers, body: JSON.stringify({ ...envelope, resource: { ...envelope.resource, ...change } }) };
  };

const wechatpay: readonly BadInput[] = [
  ...['wechatpay-signature', 'wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-serial'].flatMap(inHeader),
  ['its serial is in small letters', instead('wechatpay-serial', (was) => was.toLowerCase())],
  [
    'its serial is of a certificate that we do not have',
    instead('wechatpay-serial', () => '5157F09EFDC096DE15EBE81A47057A7200000009'),
  ],
  ['its serial is a word of our own', instead('wechatpay-serial', () => '__proto__')],
  [
    'its signature is in the alphabet of addresses',
    instead('wechatpay-signature', (was) =>
      was.replaceAll('+', '-').replaceAll('/', '_').replace(/=*$/, '-'),
    ),
  ],
  ['its signature is cut', instead('wechatpay-signature', (was) => was.slice(0, 40))],
  // WeChat Pay now and then signs wrongly on purpose, to see who does not look.
  [
    'it is a probe of WeChat Pay',
    instead('wechatpay-signature', (was) => `WECHATPAY/SIGNTEST/${was.slice(19)}`),
  ],
  ['its content is another', resourceWith({ ciphertext: 'AAAA' })],
  [
    'it is written anew',
    ({ headers, body }) => ({ headers, body: JSON.stringify(JSON.parse(body), null, 1) }),
  ],
];

const stripe: readonly BadInput[] = [
  ...inHeader('stripe-signature'),
  ['its signature has no time', instead('stripe-signature', (was) => was.replace(/^t=\d+,/, ''))],
  ['its signature has two times', instead('stripe-signature', (was) => `t=1,${was}`)],
  ['its signature is of an older kind', instead('stripe-signature', (was) => was.replace('v1=', 'v0='))],
  [
    'its signature is in capitals',
    instead('stripe-signature', (was) => was.replace(/v1=.*/, (v1) => `v1=${v1.slice(3).toUpperCase()}F`)),
  ],
  [
    'it has a hundred signatures',
    instead(
      'stripe-signature',
      (was) => `${was.split(',')[0]},${`v1=${'0'.repeat(64)},`.repeat(99)}${was.split(',')[1]}`,
    ),
  ],
  [
    'it is written anew',
    ({ headers, body }) => ({ headers, body: JSON.stringify(JSON.parse(body), null, 1) }),
  ],
];

/** What is refused at the route of each provider. */
export const badInput: Readonly<Record<ProviderName, readonly BadInput[]>> = {
  alipay: [...bodies, ...altered, ...alipay],
  wechatpay: [...bodies, ...altered, ...wechatpay],
  stripe: [...bodies, ...altered, ...stripe],
};

/** The bodies as other kinds of content. */
export const wrongTypes: readonly BadInput[] = [
  json,
  form,
  { 'content-type': 'multipart/form-data; boundary=x' },
  {},
].flatMap((headers) =>
  ['', '{}', 'sign=a', `{"name":"${planted.name}"}`].map((body): BadInput => [
    `${JSON.stringify(headers)} ${body}`,
    () => ({ headers, body }),
  ]),
);
