import type { KeyObject } from 'node:crypto';
import type * as z from 'zod';
import { accepted, rejected, type Outcome } from '../../platform/outcome.ts';
import type { Clock } from '../../platform/time.ts';
import { billAddress } from '../bill-address.ts';
import { billFileBytesMax } from '../bill-file.ts';
import { downloadFile, sendRequest } from '../send-request.ts';
import { readAnswer } from './answer.ts';
import { providerRefusal, transientFailure } from './failures.ts';
import { alipayTime } from './local-time.ts';
import type { AlipaySecret, Answer } from './model.ts';
import { privateKeyOf, publicKeyOf, signatureOf } from '../rsa-sha256.ts';
import { signingText } from './signing-text.ts';

export type AlipayConnection = { secret: AlipaySecret; clock: Clock; fetch?: typeof fetch };

const succeeded = '10000';
const businessFailed = '40004';
/** The service is unavailable or failed inside; the sub code adds nothing useful. */
const unavailable = '20000';
const systemErrors: ReadonlySet<string> = new Set(['ACQ.SYSTEM_ERROR', 'aop.ACQ.SYSTEM_ERROR']);

/** The gateway's reply to a request that it understood; `reason` is its `sub_code`, such as `ACQ.TRADE_NOT_EXIST`. */
export type GatewayReply<Content> = Outcome<{ content: Content }, string>;

export type AlipayGateway = {
  /** A signed address for the buyer's browser; this sends nothing. */
  addressOf: (method: string, content: object, more: Record<string, string>) => string;
  /** A call to the gateway. Throws if it brought no answer that we can trust. */
  call: <Content>(
    method: string,
    content: object,
    schema: z.ZodType<Content>,
    /** `limit`: how long the answer may take, in milliseconds. */
    options?: { signal?: AbortSignal | undefined; more?: Record<string, string>; limit?: number },
  ) => Promise<GatewayReply<Content>>;
  /** Downloads the file that an answer named, to a path. It is not signed. */
  download: (address: string, path: string, signal?: AbortSignal) => Promise<void>;
};

export const alipayGateway = (connection: AlipayConnection): AlipayGateway => {
  const { secret } = connection;
  const ourKey = privateKeyOf(secret.privateKey);
  const alipayKey = publicKeyOf(secret.alipayPublicKey);
  const signed = signer(connection, ourKey);
  return {
    addressOf: (method, content, more) =>
      `${secret.gateway}?${new URLSearchParams([...signed(method, content, more)])}`,
    call: (method, content, schema, { signal, more, limit } = {}) =>
      post(connection, { method, parameters: signed(method, content, more), signal, limit }, (body) =>
        meaningOf(readAnswer(method, body, alipayKey), schema),
      ),
    download: async (address, path, signal) => {
      const url = billAddress(address, secret.gateway);
      if (!url) throw transientFailure('the address of the bill cannot be used');
      const wish = { what: 'the bill', signal, bytesMax: billFileBytesMax, path };
      await downloadFile(url.href, wish, { transientFailure, fetch: connection.fetch });
    },
  };
};

const signer =
  ({ secret, clock }: AlipayConnection, key: KeyObject) =>
  (method: string, content: object, more: Record<string, string> = {}): Map<string, string> => {
    const parameters = new Map(
      Object.entries({
        app_id: secret.appId,
        method,
        format: 'JSON',
        charset: 'utf-8',
        sign_type: 'RSA2',
        timestamp: alipayTime(clock()),
        version: '1.0',
        biz_content: JSON.stringify(content),
        ...more,
      }),
    );
    return parameters.set('sign', signatureOf(signingText(parameters), key));
  };

type Posted = {
  method: string;
  parameters: ReadonlyMap<string, string>;
  signal: AbortSignal | undefined;
  limit: number | undefined;
};

/**
 * Puts the common parameters into the address and the content into the body, as Alipay's own clients do: the gateway
 * reads `charset` from the address before it decodes the body.
 */
const post = <Meaning>(
  { secret, fetch: send }: AlipayConnection,
  { method, parameters, signal, limit }: Posted,
  read: (body: string) => Meaning,
): Promise<Meaning> => {
  const content = new URLSearchParams({ biz_content: parameters.get('biz_content') ?? '' });
  const address = new URLSearchParams([...parameters]);
  address.delete('biz_content');
  return sendRequest(
    `${secret.gateway}?${address}`,
    {
      what: method,
      signal,
      limit,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
      body: content.toString(),
    },
    { provider: 'alipay', transientFailure, fetch: send },
    ({ status, body }) => {
      if (status !== 200) throw transientFailure(`the gateway answered status ${status}`);
      return read(body);
    },
  );
};

const meaningOf = <Content>(answer: Answer, schema: z.ZodType<Content>): GatewayReply<Content> => {
  const reason = answer.sub_code ?? answer.code;
  if (answer.code === succeeded) {
    const read = schema.safeParse(answer);
    if (!read.success) throw transientFailure('the answer lacks its content');
    return accepted({ content: read.data });
  }
  if (answer.code === unavailable || systemErrors.has(reason)) throw transientFailure(reason);
  if (answer.code !== businessFailed) throw providerRefusal(reason);
  return rejected(reason);
};
