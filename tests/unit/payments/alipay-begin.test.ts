import { declined, ok, providerAnswered } from './alipay-answers.ts';
import { payment, secret } from './alipay-fixture.ts';

describe('beginning a payment', () => {
  const begin = async (
    wish: { subject?: string; returnUrl?: string | undefined } = {},
    method: string = payment.method,
  ) => {
    const { provider } = providerAnswered();
    const action = await provider.begin(
      { ...payment, method },
      {
        subject: 'G1 北京南-上海虹桥',
        device: { userAgent: '' },
        returnUrl: 'https://shop.example/orders/1',
        notifyUrl: 'https://api.example/v1/payment-callbacks/alipay',
        ...wish,
      },
    );
    const fields = new URL(action.kind === 'redirect' ? action.url : '').searchParams;
    return { action, fields, content: JSON.parse(fields.get('biz_content') ?? '') as Record<string, string> };
  };

  test('sends the buyer to the page payment, with a deadline in China’s time that is no later than ours', async () => {
    const { action, fields, content } = await begin();
    expect(action).toMatchObject({ kind: 'redirect', url: expect.stringContaining(`${secret.gateway}?`) });
    expect(Object.fromEntries(fields)).toMatchObject({
      method: 'alipay.trade.page.pay',
      sign_type: 'RSA2',
      charset: 'utf-8',
      timestamp: '2026-12-01 09:00:00',
      return_url: 'https://shop.example/orders/1',
      notify_url: 'https://api.example/v1/payment-callbacks/alipay',
    });
    expect(content).toEqual({
      out_trade_no: payment.paymentId,
      product_code: 'FAST_INSTANT_TRADE_PAY',
      total_amount: '553.00',
      subject: 'G1 北京南-上海虹桥',
      time_expire: '2026-12-01 09:14:59',
    });
  });

  test('sends a phone’s browser to the cashier that is made for it', async () => {
    const { fields, content } = await begin({}, 'wap');
    expect(fields.get('method')).toBe('alipay.trade.wap.pay');
    expect(content).toMatchObject({
      product_code: 'QUICK_WAP_WAY',
      total_amount: '553.00',
      time_expire: '2026-12-01 09:14:59',
    });
  });

  test('fits the device: a phone gets its own cashier', () => {
    const { provider } = providerAnswered();
    expect(provider.methodFor({ userAgent: 'Mozilla/5.0 (iPhone; …) Mobile/15E148' })).toBe('wap');
    expect(provider.methodFor({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' })).toBe('page');
    expect(provider.methods.map(({ name }) => name)).toEqual(['page', 'wap', 'qr-code']);
  });

  test('asks for a code, and is refused loudly if Alipay gives none', async () => {
    const wish = {
      subject: 's',
      device: { userAgent: '' },
      returnUrl: undefined,
      notifyUrl: 'https://api.example/n',
    };
    const byCode = { ...payment, method: 'qr-code' };
    const code = { ...ok, out_trade_no: payment.paymentId, qr_code: 'https://qr.alipay.com/bax0343' };
    const { provider, sent } = providerAnswered(code);
    expect(await provider.begin(byCode, wish)).toEqual({ kind: 'qr-code', text: code.qr_code });
    expect(sent).toHaveLength(1);
    const refused = providerAnswered(declined('ACQ.ACCESS_FORBIDDEN'));
    await expect(refused.provider.begin(byCode, wish)).rejects.toMatchObject({ name: 'ProviderRefusal' });
    const empty = providerAnswered({ ...code, qr_code: '' });
    await expect(empty.provider.begin(byCode, wish)).rejects.toMatchObject({ name: 'TransientFailure' });
    await expect(provider.begin({ ...payment, method: 'cash' }, wish)).rejects.toThrow('cash');
  });

  test('works without an address to return to', async () => {
    const { fields } = await begin({ returnUrl: undefined });
    expect(fields.has('return_url')).toBe(false);
  });

  test('keeps what Alipay does not take out of the subject', async () => {
    const { content } = await begin({ subject: `a/b=c&d ${'长'.repeat(300)}` });
    expect(content['subject']).toMatch(/^a b c d 长+$/);
    expect(content['subject']).toHaveLength(256);
  });

  test('takes yuan and nothing else', async () => {
    const { provider } = providerAnswered();
    const euros = { ...payment, amount: { amount: 1, currency: 'EUR' } };
    await expect(
      provider.begin(euros, {
        subject: 's',
        device: { userAgent: '' },
        returnUrl: undefined,
        notifyUrl: 'https://api.example',
      }),
    ).rejects.toThrow('EUR');
  });
});
