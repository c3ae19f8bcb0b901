import { openShop } from './alipay-sandbox-fixture.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

describe('the gateway', () => {
  test('understands Alipay’s own client and is believed by it', async () => {
    const payment = await shop.enter();
    const timestamp = '2026-12-01 09:00:00';
    const bizContent = { outTradeNo: payment.paymentId };
    const query = { bizContent, timestamp };
    expect(await shop.sdk().exec('alipay.trade.query', query, { validateSign: true })).toMatchObject({
      code: '10000',
      tradeStatus: 'WAIT_BUYER_PAY',
      totalAmount: '553.00',
    });
    const unknown = { bizContent: { outTradeNo: 'unknown' }, timestamp };
    expect(await shop.sdk().exec('alipay.trade.query', unknown, { validateSign: true })).toMatchObject({
      code: '40004',
      subCode: 'ACQ.TRADE_NOT_EXIST',
    });
    const page = await fetch(
      shop.sdk().pageExecute('alipay.trade.page.pay', 'GET', {
        timestamp,
        bizContent: {
          outTradeNo: 'sdk1',
          productCode: 'FAST_INSTANT_TRADE_PAY',
          totalAmount: '1.5',
          subject: 'x',
        },
      }),
    );
    expect(await page.text()).toContain('¥1.50');
  });

  test('gives Alipay’s own client a code, and whoever scans it gets to the cashier', async () => {
    const answer = await shop.sdk().exec(
      'alipay.trade.precreate',
      {
        bizContent: { outTradeNo: 'sdk2', totalAmount: '1.50', subject: '<G1>' },
        timestamp: '2026-12-01 09:00:00',
      },
      { validateSign: true },
    );
    expect(answer).toMatchObject({ code: '10000', outTradeNo: 'sdk2' });
    const code = String(answer['qrCode']);
    const shown = await (await fetch(code)).text();
    expect(shown).toContain('&lt;G1&gt;');
    expect(shown).toContain('<svg');
    expect((await shop.books()).trades).toEqual([]);
    const scanned = await fetch(`${shop.sandbox().url}/scan?${new URLSearchParams({ code })}`);
    expect(new URL(scanned.url).pathname).toBe('/cashier/sdk2');
    const paid = await fetch(`${code}/pay`, { method: 'POST', headers: { accept: 'application/json' } });
    expect(await paid.json()).toMatchObject({ outTradeNo: 'sdk2', status: 'paid' });
    const again = await fetch(`${code}/pay`, { method: 'POST', headers: { accept: 'application/json' } });
    expect(again.status).toBe(409);
  });

  test('knows no other code', async () => {
    for (const code of ['', 'https://qr.alipay.com/other', `${shop.sandbox().url}/qr/0`]) {
      const answer = await fetch(`${shop.sandbox().url}/scan?${new URLSearchParams({ code })}`);
      expect([code, answer.status]).toEqual([code, 404]);
    }
  });

  test.each([
    ['isv.missing-method', { method: '' }],
    ['isv.invalid-app-id', { app_id: '1' }],
    ['isv.invalid-signature-type', { sign_type: 'RSA' }],
    ['isv.invalid-charset', { charset: 'gbk' }],
    ['isv.invalid-signature', { timestamp: '2026-12-01 09:00:01' }],
    ['isv.missing-signature', { sign: '' }],
  ])('refuses with %s a request that has %j', async (subCode, change) => {
    const { url } = await shop.begin();
    const fields = { ...Object.fromEntries(new URL(url).searchParams), ...change };
    const page = await fetch(`${shop.sandbox().url}/gateway.do?${new URLSearchParams(fields)}`);
    expect(await page.text()).toContain(subCode);
    expect((await shop.books()).trades).toEqual([]);
  });

  test('refuses a request from another day and a method that it does not have', async () => {
    const { url } = await shop.begin();
    shop.pass(25 * 60 * 60);
    expect(await (await fetch(url)).text()).toContain('isv.invalid-timestamp');
    const timestamp = '2026-12-02 10:00:00';
    const answer = await shop
      .sdk()
      .exec('alipay.trade.create', { bizContent: {}, timestamp }, { validateSign: false });
    expect(answer).toMatchObject({ code: '40002' });
  });
});
