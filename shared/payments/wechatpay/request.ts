import { randomBytes, type KeyObject } from 'node:crypto';
import type * as z from 'zod';
import { accepted, rejected, type Outcome, type Rejected } from '../../platform/outcome.ts';
import { millisecondsOf, type Clock } from '../../platform/time.ts';
import { privateKeyOf, signatureOf } from '../rsa-sha256.ts';
import { billLimits } from '../../platform/limits.ts';
import { billAddress } from '../bill-address.ts';
import { billFileBytesMax } from '../bill-file.ts';
import { downloadFile, sendRequest, type ProviderAnswer } from '../send-request.ts';
import { isOfTheMerchant, providerRefusal, transientFailure } from './failures.ts';
import { jsonOf } from '../json-of.ts';
import { errorSchema, type WechatpaySecret } from './model.ts';
import { verifySigned, type PlatformKeys } from './verify.ts';

export type WechatpayConnection = {
  secret: WechatpaySecret;
  platformKeys: PlatformKeys;
  clock: Clock;
  fetch?: typeof fetch;
};

/** The reply to a request that WeChat Pay understood; `reason` is its error code, such as `ORDER_NOT_EXIST`. */
export type Reply<Content> = Outcome<{ content: Content }, string>;

type Request<Content> = {
  method: 'GET' | 'POST';
  /** With its query. */
  path: string;
  body?: object;
  /** Absent where the answer has no body. */
  schema?: z.ZodType<Content>;
  /** Nobody waits for the answer. */
  slow?: true;
  /** That we ask too often is an answer: nothing was done. For anything else it is none. */
  mayBeTooOften?: true;
};

export type WechatpayClient = {
  /** Throws if it brought no answer that we can trust, or if WeChat Pay refuses the merchant. */
  call: <Content>(request: Request<Content>, signal?: AbortSignal) => Promise<Reply<Content>>;
  /** Downloads a file that an answer named, to a path. What comes is not signed. */
  download: (address: string, path: string, signal?: AbortSignal) => Promise<void>;
  /** Signs lines, each with a line feed, as requests and the parameters of a page in WeChat are signed. */
  signLines: (lines: readonly string[]) => string;
  /** What every signature contains: the seconds since 1970, and a text that never comes again. */
  stamp: () => { timestamp: string; nonce: string };
};

const publicKeyIdForm = /^PUB_KEY_ID_/;

export const wechatpayClient = (connection: WechatpayConnection): WechatpayClient => {
  const key = privateKeyOf(connection.secret.privateKey);
  // WeChat Pay signs an answer by the public key that the request names. While a merchant changes from a platform certificate, it
  // signs by the certificate if the request names nothing (source: "从平台证书切换成微信支付公钥").
  const answeredBy = Object.keys(connection.secret.platformKeys).find((id) => publicKeyIdForm.test(id));
  const signLines = (lines: readonly string[]): string => linesSignedBy(key, lines);
  const stamp = () => ({
    timestamp: String(Math.floor(millisecondsOf(connection.clock()) / 1000)),
    nonce: randomBytes(16).toString('hex'),
  });
  const headersFor = (method: string, path: string, body: string): Record<string, string> => {
    const { timestamp, nonce } = stamp();
    const { mchId, serialNo } = connection.secret;
    const signature = signLines([method, path, timestamp, nonce, body]);
    const proof = { mchid: mchId, nonce_str: nonce, signature, timestamp, serial_no: serialNo };
    return {
      'user-agent': 'keyun',
      ...(answeredBy !== undefined && { 'wechatpay-serial': answeredBy }),
      authorization: `WECHATPAY2-SHA256-RSA2048 ${Object.entries(proof)
        .map(([name, value]) => `${name}="${value}"`)
        .join(',')}`,
    };
  };
  return {
    signLines,
    stamp,
    call: async ({ method, path, body: content, schema, slow, mayBeTooOften = false }, signal) => {
      const body = content ? JSON.stringify(content) : '';
      return sendRequest(
        `${connection.secret.gateway}${path}`,
        {
          what: `${method} ${path.split('?')[0]}`,
          signal,
          ...(slow && { limit: billLimits.request }),
          method,
          headers: {
            accept: 'application/json',
            ...headersFor(method, path, body),
            ...(body && { 'content-type': 'application/json' }),
          },
          ...(body && { body }),
        },
        { provider: 'wechatpay', transientFailure, fetch: connection.fetch },
        (answer) => {
          const reply = mayBeTooOften ? tooOftenIn(answer) : undefined;
          return reply ?? meaningOf(answer, schema, connection);
        },
      );
    },
    download: async (address, path, signal) => {
      const url = billAddress(address, connection.secret.gateway);
      if (!url) throw transientFailure('the address of the file cannot be used');
      const headers = {
        // It refuses to send what a client does not say it takes.
        accept: 'application/json, text/plain, application/x-gzip',
        ...headersFor('GET', `${url.pathname}${url.search}`, ''),
      };
      await downloadFile(
        url.href,
        { what: `GET ${url.pathname}`, signal, headers, bytesMax: billFileBytesMax, path },
        { transientFailure, fetch: connection.fetch },
      );
    },
  };
};

const linesSignedBy = (key: KeyObject, lines: readonly string[]): string =>
  signatureOf(lines.map((line) => `${line}\n`).join(''), key);

/** Source: the error codes of "Apply for a refund" in WeChat Pay's documentation. */
export const tooOften = 'FREQUENCY_LIMITED';

const tooOftenIn = ({ status, body }: ProviderAnswer): Rejected<string> | undefined =>
  status === 429 && errorSchema.safeParse(jsonOf(body)).data?.code === tooOften
    ? rejected(tooOften)
    : undefined;

/**
 * A success means something only if WeChat Pay signed it. Its errors are not all signed; none of them moves money, and we ask
 * again before we take one as an answer about money.
 */
const meaningOf = <Content>(
  { status, headers, body }: ProviderAnswer,
  schema: z.ZodType<Content> | undefined,
  { platformKeys, clock }: WechatpayConnection,
): Reply<Content> => {
  if (status >= 200 && status < 300) {
    const signed = { headers: Object.fromEntries(headers), body: Buffer.from(body), receivedAt: clock() };
    const verified = verifySigned(signed, platformKeys);
    if (verified.outcome === 'rejected')
      throw transientFailure(`the answer is not signed by WeChat Pay (${verified.reason})`);
    if (!schema) return accepted({ content: undefined as Content });
    const read = schema.safeParse(jsonOf(body));
    if (!read.success) throw transientFailure('the answer lacks its content');
    return accepted({ content: read.data });
  }
  const error = errorSchema.safeParse(jsonOf(body));
  const code = error.success ? error.data.code : `status ${status}`;
  if (!error.success || status === 429 || status >= 500) throw transientFailure(code);
  if (status === 401 || isOfTheMerchant(code)) throw providerRefusal(code);
  return rejected(code);
};
