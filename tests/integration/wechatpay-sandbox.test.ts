import { refundOf, shortly, type Received } from './sandbox-shop.ts';
import { openWechatShop } from './wechatpay-sandbox-fixture.ts';

let shop: Awaited<ReturnType<typeof openWechatShop>>;
beforeEach(async () => {
  shop = await openWechatShop();
});
afterEach(() => shop.close());

const begun = async (method?: string) => (await shop.begin({ ...(method && { method }) })).payment;
const saysOf = ({ reading }: Received) =>
  reading.outcome === 'accepted' ? reading.notification.says : reading.reason;
const captured = { kind: 'captured', paid: { amount: 55_300, currency: 'CNY' } };

describe('a buyer', () => {
  test('scans the code, pays, and the shop hears of it once', async () => {
    const { payment, action } = await shop.begin();
    expect(action).toEqual({
      kind: 'qr-code',
      text: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl\?pr=\w+$/),
    });
    const page = await shop.scan(action.kind === 'qr-code' ? action.text : '');
    expect(await page.text()).toContain('¥553.00');
    expect((await shop.press(payment, 'pay')).status).toBe(303);
    const [notice] = await shop.notices(1);
    expect(notice && saysOf(notice)).toMatchObject(captured);
    await shortly(300);
    expect(shop.notified.received).toHaveLength(1);
  });

  test('finds the code on a page, where one button scans and pays', async () => {
    const { payment } = await shop.begin();
    const address = `${shop.sandbox().url}/wechatpay/code/${payment.paymentId}`;
    expect(await (await fetch(address)).text()).toContain('<svg');
    const answer = await fetch(`${address}/pay`, { method: 'POST', headers: { accept: 'application/json' } });
    expect(await answer.json()).toMatchObject({ outTradeNo: payment.paymentId, status: 'paid' });
  });

  test('with a phone gets to the cashier from a page of the shop alone, and back to it', async () => {
    const device = { userAgent: 'Mobile', address: '203.0.113.9' };
    const returnUrl = 'https://shop.example/orders/1';
    const { payment, action } = await shop.begin({ method: 'h5', device, returnUrl });
    const url = action.kind === 'redirect' ? action.url : '';
    expect((await fetch(url)).status).toBe(403);
    const page = await fetch(url, { headers: { referer: 'https://shop.example/' } });
    expect(new URL(page.url).pathname).toBe(`/wechatpay/cashier/${payment.paymentId}`);
    expect((await shop.press(payment, 'pay')).headers.get('location')).toBe(returnUrl);
  });

  test('cannot pay after the deadline, nor what is closed', async () => {
    const [late, closed] = [await begun(), await begun()];
    await shop.provider().close(closed);
    expect((await shop.press(closed, 'pay')).status).toBe(409);
    shop.pass(900);
    expect((await shop.press(late, 'pay')).status).toBe(409);
    expect(await shop.provider().query(late)).toEqual({ state: 'closed' });
  });
});

describe('a trouble', () => {
  test('late money comes after the deadline, even to what is closed', async () => {
    const payment = await begun();
    await shop.press(payment, 'pay-late');
    expect(await shop.provider().close(payment)).toEqual({ state: 'closed' });
    shop.pass(931);
    expect(await shop.provider().query(payment)).toMatchObject({ state: 'captured' });
    expect((await shop.notices(1)).map(saysOf)).toMatchObject([captured]);
  });

  test('the same notification comes twice', async () => {
    await shop.press(await begun(), 'pay-notify-twice');
    const ids = (await shop.notices(2)).map(({ body }) => (JSON.parse(body) as { id: string }).id);
    expect(ids[0]).toBe(ids[1]);
  });

  test('no notification comes, and asking finds the money', async () => {
    const payment = await begun();
    await shop.press(payment, 'pay-silently');
    await shortly(300);
    expect(shop.notified.received).toEqual([]);
    expect(await shop.provider().query(payment)).toMatchObject({ state: 'captured' });
  });

  test('a forged notification is refused, and one of another amount tells that amount', async () => {
    const payment = await begun();
    await shop.press(payment, 'forge');
    expect((await shop.notices(1)).map(saysOf)).toEqual(['signature']);
    await shop.press(payment, 'change-amount');
    expect((await shop.notices(2)).map(saysOf)[1]).toMatchObject({ paid: { amount: 1 } });
    expect(await shop.provider().query(payment)).toEqual({ state: 'pending' });
  });

  test('slow answers are no answers', async () => {
    const payment = await begun();
    await shop.press(payment, 'answer-slowly');
    await expect(shop.provider().close(payment)).rejects.toMatchObject({ name: 'TransientFailure' });
    expect(await shop.books()).toMatchObject({ trades: [{ status: 'closed' }] });
  });
});

test('a notification is sent again at WeChat Pay’s intervals until the answer is a success', async () => {
  shop.notified.answer = { status: 500, body: '{"code":"FAIL","message":"later"}' };
  await shop.press(await begun(), 'pay');
  await shop.notices(1);
  for (const [index, wait] of [15, 15, 30, 180].entries()) {
    await shortly(100);
    shop.pass(wait - 1);
    await shortly(450);
    expect(shop.notified.received).toHaveLength(index + 1);
    if (index === 3) shop.notified.answer = { status: 204, body: '' };
    shop.pass(1);
    await shop.notices(index + 2);
  }
  await shortly(100);
  expect((await shop.books()).deliveries).toMatchObject([{ state: 'delivered', attempts: { length: 5 } }]);
});

test('a refund is accepted first and done a little later; all of the parts never exceed the whole', async () => {
  const payment = await begun();
  await shop.press(payment, 'pay');
  const provider = shop.provider();
  const part = refundOf(payment, 300, 'item-1');
  expect(await provider.refund(payment, part)).toEqual({ state: 'processing' });
  expect(await provider.queryRefund(payment, part)).toEqual({ state: 'processing' });
  shop.pass(5);
  expect(await provider.queryRefund(payment, part)).toEqual({ state: 'succeeded' });
  expect(await provider.refund(payment, refundOf(payment))).toMatchObject({ state: 'failed' });
  expect(await shop.backOf(payment)).toBe(300);
  expect(await provider.query(payment)).toMatchObject({ state: 'captured', paid: { amount: 55_300 } });
});

test('what it knows survives a restart', async () => {
  const payment = await begun();
  await shop.press(payment, 'pay');
  await shop.reopen();
  expect(await shop.provider().query(payment)).toMatchObject({ state: 'captured' });
});
