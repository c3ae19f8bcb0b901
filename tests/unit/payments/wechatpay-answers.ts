import { wechatpayProvider } from '../../../shared/payments/wechatpay/provider.ts';
import { now, secret, signedHeaders } from './wechatpay-fixture.ts';

type Sent = { method: string; url: string; authorization: string; body: string };
type Given = { status?: number; body?: unknown; headers?: Record<string, string> };

/** A gateway that gives the answers in turn, signed as WeChat Pay signs. */
export const answered = (...answers: (Given | Error)[]) => {
  const sent: Sent[] = [];
  const send = (async (url: string, { method, headers, body = '' }: RequestInit) => {
    const { authorization = '' } = headers as Record<string, string>;
    sent.push({ method: method ?? '', url, authorization, body: String(body) });
    const answer = answers.shift() ?? {};
    if (answer instanceof Error) throw answer;
    const { status = 200, body: content } = answer;
    const text = content === undefined ? '' : typeof content === 'string' ? content : JSON.stringify(content);
    return new Response(status === 204 ? null : text, {
      status,
      headers: answer.headers ?? signedHeaders(text),
    });
  }) as unknown as typeof fetch;
  return { sent, provider: wechatpayProvider({ secret, clock: () => now, fetch: send }) };
};
export const error = (status: number, code: string): Given => ({
  status,
  body: { code, message: code },
  headers: {},
});
export const named = (name: string) => expect.objectContaining({ name });
