import { watchMetrics } from '../../support/alarms/watch-metrics.ts';
import { answered, error, named } from './wechatpay-answers.ts';
import { payment, refund } from './wechatpay-fixture.ts';

/* A refund at WeChat Pay. */

afterEach(() => jest.restoreAllMocks());

const back = (status: string, more = {}) => ({
  body: {
    out_refund_no: refund.refundNumber,
    refund_id: '5',
    status,
    amount: { refund: 300, total: 55_300 },
    ...more,
  },
});
test.each([
  [back('SUCCESS'), { state: 'succeeded' }],
  [back('PROCESSING'), { state: 'processing' }],
  [back('ABNORMAL'), { state: 'failed', why: 'ABNORMAL' }],
  [back('CLOSED'), { state: 'failed', why: 'CLOSED' }],
  [back('SUCCESS', { amount: { refund: 299 } }), { state: 'failed', why: 'amount-differs' }],
  [error(403, 'NOT_ENOUGH'), { state: 'declined', why: 'NOT_ENOUGH' }],
  [error(400, 'INVALID_REQUEST'), { state: 'failed', why: 'INVALID_REQUEST' }],
  [error(404, 'RESOURCE_NOT_EXISTS'), { state: 'not-exist' }],
])('a refund that is answered %j', async (answer, state) => {
  const { provider, sent } = answered(answer, answer);
  expect(await provider.refund(payment, refund)).toEqual(state);
  // A question that is refused is not answered: nothing follows from it.
  const isRefused = 'status' in answer && answer.status !== 404;
  const asked = await provider.queryRefund(payment, refund).catch(({ name }: Error) => name);
  expect(asked).toEqual(isRefused ? 'TransientFailure' : state);
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
    out_trade_no: payment.paymentId,
    out_refund_no: refund.refundNumber,
    reason: refund.reason,
    amount: { refund: 300, total: 55_300, currency: 'CNY' },
  });
  expect(sent[1]?.url).toContain(`/v3/refund/domestic/refunds/${refund.refundNumber}`);
});

test('a refund that comes too soon after another is declined for now, and its provider was not silent', async () => {
  const metrics = watchMetrics();
  const { provider } = answered(error(429, 'FREQUENCY_LIMITED'), error(429, 'RATELIMIT_EXCEEDED'));
  expect(await provider.refund(payment, refund)).toEqual({
    state: 'declined',
    why: 'FREQUENCY_LIMITED',
    tooOften: true,
  });
  expect(metrics.valuesOf('ProviderSilence')).toEqual([0]);
  // Whoever asks too often learns nothing.
  await expect(provider.queryRefund(payment, refund)).rejects.toEqual(named('TransientFailure'));
  expect(metrics.valuesOf('ProviderSilence')).toEqual([0, 1]);
});

test('a refund has its notifications sent where those of its payment go', async () => {
  const { provider, sent } = answered(back('PROCESSING'));
  const notifyUrl = 'https://keyun.example/v1/payment-callbacks/wechatpay';
  await provider.refund({ ...payment, notifyUrl }, refund);
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ notify_url: notifyUrl });
});

test('a refund about which another is answered tells nothing', async () => {
  const { provider } = answered(back('SUCCESS', { out_refund_no: 'other' }));
  await expect(provider.queryRefund(payment, refund)).rejects.toEqual(named('TransientFailure'));
});
