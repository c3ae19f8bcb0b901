import { declined, ok, providerAnswered, signed, trade, wire } from './alipay-answers.ts';
import { payment, refund, stranger } from './alipay-fixture.ts';

const captured = {
  state: 'captured',
  providerTrade: '2026120122001234560500012345',
  paid: { amount: 55_300, currency: 'CNY' },
};

describe('asking how a payment stands', () => {
  test('says when it was paid, by Alipay’s clock, if the answer has a time', async () => {
    const { provider } = providerAnswered(trade('TRADE_SUCCESS', { send_pay_date: '2026-12-01 09:15:07' }));
    expect(await provider.query(payment)).toEqual({ ...captured, paidAt: '2026-12-01T01:15:07.000Z' });
    const odd = providerAnswered(trade('TRADE_SUCCESS', { send_pay_date: 'today' }));
    expect(await odd.provider.query(payment)).toEqual(captured);
  });

  test.each([
    [trade('TRADE_SUCCESS'), captured],
    [trade('TRADE_FINISHED'), captured],
    [trade('WAIT_BUYER_PAY'), { state: 'pending' }],
    [trade('TRADE_CLOSED'), { state: 'closed' }],
    [declined('ACQ.TRADE_NOT_EXIST'), { state: 'not-exist' }],
  ])('%j', async (answer, state) => {
    const { provider, sent } = providerAnswered(answer);
    expect(await provider.query(payment)).toEqual(state);
    expect(sent).toEqual([{ method: 'alipay.trade.query', content: { out_trade_no: payment.paymentId } }]);
  });

  test.each<[string, object | string | Response | Error]>([
    ['no connection', new TypeError('fetch failed')],
    ['a time-out', new DOMException('too slow', 'TimeoutError')],
    ['an error of the server', new Response('{}', { status: 502 })],
    ['a page of HTML', '<html></html>'],
    ['JSON that is no object', '[1]'],
    ['an empty object', '{}'],
    ['a signature of somebody else', wire('alipay.trade.query', trade('TRADE_SUCCESS'), stranger.privateKey)],
    ['no signature', JSON.stringify({ alipay_trade_query_response: trade('TRADE_SUCCESS') })],
    ['a signature that is no text', '{"alipay_trade_query_response":{"code":"10000"},"sign":1}'],
    ['an answer about another trade', trade('TRADE_SUCCESS', { out_trade_no: 'another' })],
    ['an unknown state', trade('TRADE_ODD')],
    ['an unreadable amount', trade('TRADE_SUCCESS', { total_amount: 'much' })],
    ['an error inside Alipay', declined('ACQ.SYSTEM_ERROR')],
    ['an unavailable service', { code: '20000', sub_code: 'isp.unknow-error' }],
  ])('learns nothing from %s', async (_, answer) => {
    await expect(providerAnswered(answer).provider.query(payment)).rejects.toMatchObject({
      name: 'TransientFailure',
    });
  });

  test('a signed text followed by another under the same name is not believed', async () => {
    const genuine = wire('alipay.trade.query', trade('WAIT_BUYER_PAY'));
    const forged = genuine.replace(
      /}$/,
      `,"alipay_trade_query_response":${JSON.stringify(trade('TRADE_SUCCESS'))}}`,
    );
    await expect(providerAnswered(forged).provider.query(payment)).rejects.toMatchObject({
      name: 'TransientFailure',
    });
  });

  test('reads the signed text as it was sent: spaces, escapes and the order of members are Alipay’s', async () => {
    const content =
      '{ "code" : "10000","sub_msg":"a\\/b \\"}{\\u4e2d", "trade_status":"TRADE_CLOSED",' +
      `"total_amount":"1.00","trade_no":"1","out_trade_no":"${payment.paymentId}"}`;
    const body = ` { "sign" : "${signed(content)}" , "alipay_trade_query_response" : ${content} } `;
    expect(await providerAnswered(body).provider.query(payment)).toEqual({ state: 'closed' });
  });

  test('a refusal of keys or contract is no transient failure', async () => {
    const answer = { code: '40002', msg: 'Invalid Arguments', sub_code: 'isv.invalid-signature' };
    await expect(providerAnswered(answer).provider.query(payment)).rejects.toMatchObject({
      name: 'ProviderRefusal',
      message: expect.stringContaining('isv.invalid-signature'),
    });
    const content = JSON.stringify(answer);
    const unnamed = `{"error_response":${content},"sign":"${signed(content)}"}`;
    await expect(providerAnswered(unnamed).provider.query(payment)).rejects.toMatchObject({
      name: 'ProviderRefusal',
    });
  });
});

describe('closing a payment', () => {
  test('closes what is open, and tells what never was', async () => {
    expect(await providerAnswered(ok).provider.close(payment)).toEqual({ state: 'closed' });
    const unknown = providerAnswered(declined('ACQ.TRADE_NOT_EXIST'));
    expect(await unknown.provider.close(payment)).toEqual({ state: 'not-exist' });
  });

  test('finds out when it was paid after all', async () => {
    const { provider, sent } = providerAnswered(declined('ACQ.TRADE_HAS_SUCCESS'), trade('TRADE_SUCCESS'));
    expect(await provider.close(payment)).toEqual(captured);
    expect(sent.map(({ method }) => method)).toEqual(['alipay.trade.close', 'alipay.trade.query']);
  });

  test('finds out when it was closed before', async () => {
    const { provider } = providerAnswered(declined('ACQ.TRADE_STATUS_ERROR'), trade('TRADE_CLOSED'));
    expect(await provider.close(payment)).toEqual({ state: 'closed' });
  });

  test('does not take an unknown reason for an answer', async () => {
    const { provider } = providerAnswered(declined('ACQ.SOMETHING_NEW'));
    await expect(provider.close(payment)).rejects.toMatchObject({ name: 'TransientFailure' });
  });
});

describe('refunding', () => {
  const done = {
    ...ok,
    refund_status: 'REFUND_SUCCESS',
    out_request_no: refund.refundNumber,
    refund_amount: '553.00',
  };
  const accepted = (change: 'Y' | 'N') => ({ ...ok, out_trade_no: payment.paymentId, fund_change: change });

  test('asks by our number and our amount; accepted is not yet done', async () => {
    const { provider, sent } = providerAnswered(accepted('Y'));
    expect(await provider.refund(payment, refund)).toEqual({ state: 'processing' });
    expect(sent[0]).toMatchObject({
      method: 'alipay.trade.refund',
      content: {
        out_trade_no: payment.paymentId,
        out_request_no: refund.refundNumber,
        refund_amount: '553.00',
      },
    });
  });

  test('a repeated request that moved no money is looked up', async () => {
    expect(await providerAnswered(accepted('N'), done).provider.refund(payment, refund)).toEqual({
      state: 'succeeded',
    });
    expect(await providerAnswered(accepted('N'), ok).provider.refund(payment, refund)).toEqual({
      state: 'processing',
    });
  });

  test('is done only when the refund query says so', async () => {
    expect(await providerAnswered(done).provider.queryRefund(payment, refund)).toEqual({
      state: 'succeeded',
    });
    expect(await providerAnswered(ok).provider.queryRefund(payment, refund)).toEqual({ state: 'not-exist' });
    const processing = providerAnswered({ ...done, refund_status: 'REFUND_PROCESSING' });
    expect(await processing.provider.queryRefund(payment, refund)).toEqual({ state: 'processing' });
  });

  test('another amount than ours needs a person, another number is no answer', async () => {
    expect(
      await providerAnswered({ ...done, refund_amount: '1.00' }).provider.queryRefund(payment, refund),
    ).toEqual({
      state: 'failed',
      why: 'amount-differs',
    });
    await expect(
      providerAnswered({ ...done, out_request_no: 'x' }).provider.queryRefund(payment, refund),
    ).rejects.toMatchObject({ name: 'TransientFailure' });
  });

  test('a question that is refused is not answered: nothing follows from it', async () => {
    for (const why of ['ACQ.SYSTEM_ERROR', 'ACQ.INVALID_PARAMETER', 'ACQ.TRADE_HAS_FINISHED'])
      await expect(
        providerAnswered(declined(why)).provider.queryRefund(payment, refund),
      ).rejects.toMatchObject({ name: 'TransientFailure' });
  });

  test('a refused refund says why, an unknown trade that it is unknown', async () => {
    const why = 'ACQ.SELLER_BALANCE_NOT_ENOUGH';
    expect(await providerAnswered(declined(why)).provider.refund(payment, refund)).toEqual({
      state: 'declined',
      why,
    });
    for (const final of ['ACQ.TRADE_HAS_FINISHED', 'ACQ.TRADE_NOT_ALLOW_REFUND'])
      expect(await providerAnswered(declined(final)).provider.refund(payment, refund)).toEqual({
        state: 'failed',
        why: final,
      });
    const unknown = declined('ACQ.TRADE_NOT_EXIST');
    expect(await providerAnswered(unknown).provider.refund(payment, refund)).toEqual({ state: 'not-exist' });
    expect(await providerAnswered(unknown).provider.queryRefund(payment, refund)).toEqual({
      state: 'not-exist',
    });
  });
});
