import type * as z from 'zod';
import type { Clock } from '../../platform/time.ts';
import { readAnswer } from './answer.ts';
import { providerRefusal, transientFailure } from './failures.ts';
import { alipayTime } from './local-time.ts';
import type { AlipaySecret } from './model.ts';
import { privateKeyOf, publicKeyOf, signatureOf, signingText } from './sign.ts';

export type AlipayConnection = { secret: AlipaySecret; fetch: typeof fetch; clock: Clock };

/** Longer than Alipay usually needs, short enough for a function that holds a passenger up. */
const answerWithinMilliseconds = 3000;

const succeeded = '10000';
const businessFailed = '40004';
/** The service is unavailable, or failed inside; the sub code says nothing more of use. */
const unavailable = '20000';
const systemErrors: ReadonlySet<string> = new Set(['ACQ.SYSTEM_ERROR', 'aop.ACQ.SYSTEM_ERROR']);

/** What the gateway said to a request that it understood; `reason` is its `sub_code`, such as `ACQ.TRADE_NOT_EXIST`. */
export type Said<Content> = { outcome: 'done'; content: Content } | { outcome: 'declined'; reason: string };

/** The two ways to speak to the gateway: a signed address for the buyer's browser, and a call of our own. */
export const alipayGateway = ({ secret, fetch: send, clock }: AlipayConnection) => {
  const ourKey = privateKeyOf(secret.privateKey);
  const alipayKey = publicKeyOf(secret.alipayPublicKey);

  const signed = (
    method: string,
    content: object,
    more: Record<string, string> = {},
  ): Map<string, string> => {
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
    return parameters.set('sign', signatureOf(signingText(parameters), ourKey));
  };

  const addressOf = (method: string, content: object, more: Record<string, string>): string =>
    `${secret.gateway}?${new URLSearchParams([...signed(method, content, more)])}`;

  /**
   * The common parameters go into the address and the content into the body, as Alipay's own clients do: the gateway
   * reads `charset` from the address before it decodes the body.
   */
  const post = async (method: string, content: object): Promise<string> => {
    const parameters = signed(method, content);
    const body = new URLSearchParams({ biz_content: parameters.get('biz_content') ?? '' });
    parameters.delete('biz_content');
    try {
      const response = await send(`${secret.gateway}?${new URLSearchParams([...parameters])}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
        body: body.toString(),
        redirect: 'error',
        signal: AbortSignal.timeout(answerWithinMilliseconds),
      });
      if (response.status === 200) return await response.text();
      throw transientFailure(`the gateway answered status ${response.status}`);
    } catch (error) {
      if (error instanceof Error && error.name === 'TransientFailure') throw error;
      throw transientFailure(`no answer to ${method}`, error);
    }
  };

  const call = async <Content>(
    method: string,
    content: object,
    schema: z.ZodType<Content>,
  ): Promise<Said<Content>> => {
    const answer = readAnswer(method, await post(method, content), alipayKey);
    const reason = answer.sub_code ?? answer.code;
    if (answer.code === succeeded) {
      const read = schema.safeParse(answer);
      if (!read.success) throw transientFailure(`the answer to ${method} lacks what it should say`);
      return { outcome: 'done', content: read.data };
    }
    if (answer.code === unavailable || systemErrors.has(reason)) throw transientFailure(reason);
    if (answer.code !== businessFailed) throw providerRefusal(reason);
    return { outcome: 'declined', reason };
  };

  return { addressOf, call };
};
