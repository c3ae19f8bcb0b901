import { sign } from 'node:crypto';
import { alipayProvider } from '../../../shared/payments/alipay/provider.ts';
import { alipay, now, payment, secret } from './alipay-fixture.ts';

type Sent = { method: string; content: Record<string, string> };

/** A gateway that gives the answers in turn, signed as Alipay signs. */
export const providerAnswered = (...answers: (object | string | Response | Error)[]) => {
  const sent: Sent[] = [];
  const fetchOne = (async (url: string, { body }: { body: string }) => {
    const method = new URL(url).searchParams.get('method') ?? '';
    sent.push({ method, content: JSON.parse(new URLSearchParams(body).get('biz_content') ?? '') });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    if (answer instanceof Response) return answer;
    return new Response(typeof answer === 'string' ? answer : wire(method, answer ?? {}));
  }) as unknown as typeof fetch;
  return { sent, provider: alipayProvider({ secret, clock: () => now, fetch: fetchOne }) };
};

export const signed = (content: string, key = alipay.privateKey): string =>
  sign('sha256', Buffer.from(content), key).toString('base64');
export const wire = (method: string, answer: object, key = alipay.privateKey): string => {
  const content = JSON.stringify(answer).replaceAll('/', '\\/');
  return `{"${method.replaceAll('.', '_')}_response":${content},"sign":"${signed(content, key)}"}`;
};
export const ok = { code: '10000', msg: 'Success' };
export const declined = (reason: string) => ({ code: '40004', msg: 'Business Failed', sub_code: reason });
export const trade = (status: string, more: object = {}) => ({
  ...ok,
  out_trade_no: payment.paymentId,
  trade_no: '2026120122001234560500012345',
  trade_status: status,
  total_amount: '553.00',
  ...more,
});
