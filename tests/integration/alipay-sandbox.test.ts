import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openShop } from './alipay-sandbox-fixture.ts';
import { refundOf, shortly } from './sandbox-shop.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const captured = { state: 'captured', paid: { amount: 55_300, currency: 'CNY' } };
describe('a payment', () => {
  test('does not exist before its buyer enters the cashier', async () => {
    const { payment, url } = await shop.begin();
    expect(await shop.provider().query(payment)).toEqual({ state: 'not-exist' });
    expect(await shop.provider().close(payment)).toEqual({ state: 'not-exist' });
    const page = await (await fetch(url)).text();
    expect(page).toContain('¥553.00');
    expect(page).toContain('<dd>客运铁路 &lt;Rail&gt;</dd>');
    expect(page).toContain('#1b4f8a');
    expect(page).toContain('G1 &lt;北京南→上海虹桥&gt;');
    expect(await shop.provider().query(payment)).toEqual({ state: 'pending' });
    expect(await (await fetch(shop.sandbox().cashierUrl)).text()).toContain(`/cashier/${payment.paymentId}`);
  });

  test('is paid once, told with a signature that both clients believe, and the buyer goes back', async () => {
    const payment = await shop.enter('https://shop.example/orders/1?lang=zh');
    const paid = await shop.press(payment, 'pay');
    expect(paid.status).toBe(303);
    const back = new URL(paid.headers.get('location') ?? '');
    expect(back.origin + back.pathname).toBe('https://shop.example/orders/1');
    expect(back.searchParams.get('out_trade_no')).toBe(payment.paymentId);
    const { lang, ...signed } = Object.fromEntries(back.searchParams);
    expect(lang).toBe('zh');
    expect(shop.sdk().checkNotifySignV2(signed)).toBe(true);

    expect(await shop.provider().query(payment)).toMatchObject(captured);
    const [notice] = await shop.notices(1);
    expect(notice?.reading).toMatchObject({
      outcome: 'accepted',
      notification: {
        paymentNumber: payment.paymentId,
        says: { kind: 'captured', paid: captured.paid },
      },
    });
    expect(shop.sdk().checkNotifySignV2(notice?.form)).toBe(true);
    expect((await shop.press(payment, 'pay')).status).toBe(409);
    expect(await shop.provider().close(payment)).toMatchObject(captured);
  });

  test('opened again is the same trade, with another amount it is refused', async () => {
    const { payment, url } = await shop.begin();
    for (let time = 0; time < 2; time += 1) expect((await fetch(url)).status).toBe(200);
    expect((await shop.books()).trades).toHaveLength(1);
    const dearer = await shop.provider().begin(
      { ...payment, amount: { amount: 1, currency: 'CNY' } },
      {
        subject: 'G1',
        device: { userAgent: '' },
        returnUrl: undefined,
        notifyUrl: shop.notified.notifyUrl,
      },
    );
    const answer = await fetch(dearer.kind === 'redirect' ? dearer.url : '');
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('ACQ.CONTEXT_INCONSISTENT');
  });

  test('once closed or expired cannot be paid', async () => {
    const given = await shop.enter();
    expect(await shop.provider().close(given)).toEqual({ state: 'closed' });
    expect(await shop.provider().close(given)).toEqual({ state: 'closed' });
    expect((await shop.press(given, 'pay')).status).toBe(409);
    const left = await shop.enter();
    const { url } = await shop.begin();
    shop.pass(900);
    expect((await shop.press(left, 'pay')).status).toBe(409);
    expect(await shop.provider().query(left)).toEqual({ state: 'closed' });
    expect((await fetch(url)).status).toBe(400);
    const says = (await shop.notices(2)).map(({ reading }) => reading);
    expect(says).toMatchObject([
      { notification: { says: { kind: 'closed' } } },
      { notification: { says: { kind: 'closed' } } },
    ]);
  });

  test('answers a program in JSON', async () => {
    const payment = await shop.enter();
    const answer = await shop.press(payment, 'pay', { accept: 'application/json' });
    expect(await answer.json()).toMatchObject({
      outTradeNo: payment.paymentId,
      status: 'paid',
      returnUrl: null,
    });
  });
});

describe('what goes wrong', () => {
  test('a declined buyer may try again', async () => {
    const payment = await shop.enter();
    expect((await shop.press(payment, 'decline')).status).toBe(303);
    expect(await shop.provider().query(payment)).toEqual({ state: 'pending' });
    expect((await shop.press(payment, 'pay')).status).toBe(303);
  });

  test('late money comes after the deadline, even to a closed trade', async () => {
    const [early, late] = [await shop.enter(), await shop.enter()];
    await shop.press(early, 'pay-late');
    expect(await shop.provider().close(early)).toEqual({ state: 'closed' });
    shop.pass(900);
    expect(await shop.provider().query(late)).toEqual({ state: 'closed' });
    await shop.press(late, 'pay-late');
    expect(await shop.provider().query(late)).toMatchObject(captured);
    expect(await shop.provider().query(early)).toEqual({ state: 'closed' });
    shop.pass(30);
    expect(await shop.provider().query(early)).toMatchObject(captured);
  });

  test('the same notification comes twice', async () => {
    await shop.press(await shop.enter(), 'pay-notify-twice');
    const [first, second] = await shop.notices(2);
    expect(second?.form['notify_id']).toBe(first?.form['notify_id']);
  });

  test('“paid” comes before “waiting”', async () => {
    await shop.press(await shop.enter(), 'pay-notify-out-of-order');
    const statuses = (await shop.notices(2)).map(({ form }) => form['trade_status']);
    expect(statuses).toEqual(['TRADE_SUCCESS', 'WAIT_BUYER_PAY']);
  });

  test('no notification comes, and asking finds the money', async () => {
    const payment = await shop.enter();
    await shop.press(payment, 'pay-silently');
    await shortly(500);
    expect(shop.notified.received).toEqual([]);
    expect(await shop.provider().query(payment)).toMatchObject(captured);
  });

  test('a forged notification, and one of another amount, change nothing at Alipay and come once', async () => {
    const payment = await shop.enter();
    shop.notified.answer = { status: 200, body: 'fail' };
    await shop.press(payment, 'forge');
    await shop.press(payment, 'change-amount');
    const [forged, changed] = await shop.notices(2);
    expect(forged?.reading).toEqual({ outcome: 'rejected', reason: 'signature' });
    expect(changed?.reading).toMatchObject({
      notification: { says: { kind: 'captured', paid: { amount: 1 } } },
    });
    expect(await shop.provider().query(payment)).toEqual({ state: 'pending' });
    shop.pass(300);
    await shortly(500);
    expect(shop.notified.received).toHaveLength(2);
  });

  test('a slow answer is a time-out for us, and what was asked has happened all the same', async () => {
    const payment = await shop.enter();
    await shop.press(payment, 'answer-slowly');
    await expect(shop.provider().close(payment)).rejects.toMatchObject({ name: 'TransientFailure' });
    expect(await shop.books()).toMatchObject({ trades: [{ status: 'closed', slowAnswers: 2 }] });
  });
});

describe('a notification', () => {
  test('is sent again at Alipay’s intervals until the answer is success and nothing else', async () => {
    shop.notified.answer = { status: 200, body: 'success\n' };
    await shop.press(await shop.enter(), 'pay');
    await shop.notices(1);
    const minutes = [4, 10, 10, 60];
    for (const [index, wait] of minutes.entries()) {
      await shortly(100);
      shop.pass(wait * 60 - 1);
      await shortly(450);
      expect(shop.notified.received).toHaveLength(index + 1);
      if (index === minutes.length - 1) shop.notified.answer = { status: 200, body: 'success' };
      shop.pass(1);
      await shop.notices(index + 2);
    }
    await shortly(100);
    expect((await shop.books()).deliveries).toMatchObject([{ state: 'delivered', attempts: { length: 5 } }]);
    expect(new Set((await shop.notices(5)).map(({ form }) => form['notify_id'])).size).toBe(1);
  });

  test('that waits for its next attempt survives a restart', async () => {
    shop.notified.answer = { status: 200, body: 'fail' };
    await shop.press(await shop.enter(), 'pay');
    await shop.notices(1);
    await shortly(100);
    await shop.reopen();
    shop.notified.answer = { status: 200, body: 'success' };
    shop.pass(240);
    expect(await shop.notices(2)).toMatchObject([{}, { reading: { outcome: 'accepted' } }]);
  });
});

describe('a refund', () => {
  test('happens once per number, never exceeds what was paid, and is told as a refund', async () => {
    const payment = await shop.enter();
    await shop.press(payment, 'pay');
    const part = refundOf(payment, 300, 'item-1');
    expect(await shop.provider().queryRefund(payment, part)).toEqual({ state: 'not-exist' });
    expect(await shop.provider().refund(payment, part)).toEqual({ state: 'processing' });
    expect(await shop.provider().refund(payment, part)).toEqual({ state: 'succeeded' });
    expect(await shop.provider().queryRefund(payment, part)).toEqual({ state: 'succeeded' });
    expect(
      await shop.provider().refund(payment, { ...part, amount: { amount: 1, currency: 'CNY' } }),
    ).toEqual({
      state: 'failed',
      why: 'ACQ.DISCORDANT_REPEAT_REQUEST',
    });
    expect(await shop.provider().refund(payment, refundOf(payment))).toEqual({
      state: 'failed',
      why: 'ACQ.REASON_TRADE_REFUND_FEE_ERR',
    });
    const rest = refundOf(payment, 55_000, 'item-2');
    expect(await shop.provider().refund(payment, rest)).toEqual({ state: 'processing' });
    expect(await shop.provider().query(payment)).toEqual({ state: 'closed' });

    const [, second, third] = await shop.notices(3);
    expect(second?.form).toMatchObject({ trade_status: 'TRADE_SUCCESS', refund_fee: '3.00' });
    expect(third?.form).toMatchObject({ trade_status: 'TRADE_CLOSED', refund_fee: '553.00' });
    for (const notice of [second, third]) {
      expect(notice?.reading).toMatchObject({ notification: { says: { kind: 'refunded' } } });
    }
  });

  test('of what was not paid, or is not known, is refused', async () => {
    const { payment, url } = await shop.begin();
    expect(await shop.provider().refund(payment, refundOf(payment))).toEqual({ state: 'not-exist' });
    await fetch(url);
    expect(await shop.provider().refund(payment, refundOf(payment))).toMatchObject({ state: 'declined' });
  });
});

test('keys and books are still there after the process was killed', async () => {
  const root = join(import.meta.dirname, '..', '..');
  const program = `
    const { startSandbox } = await import(${JSON.stringify(join(root, 'infra/local/providers/sandbox.ts'))});
    const sandbox = await startSandbox({ dataDir: process.argv[1], clock: () => '2026-12-01T01:00:00.000Z' });
    console.log(sandbox.url);
    setInterval(() => undefined, 1000);`;
  const payment = await shop.enter();
  await shop.press(payment, 'pay-silently');
  const before = shop.sandbox().secrets.alipay.alipayPublicKey;
  await shop.sandbox().stop();

  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, shop.dataDir]);
  try {
    const [line] = (await once(child.stdout, 'data', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    await fetch(`${line.toString().trim()}/cashier/${payment.paymentId}/answer-slowly`, { method: 'POST' });
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null) await once(child, 'exit');
  }

  await shop.reopen();
  expect(shop.sandbox().secrets.alipay.alipayPublicKey).toBe(before);
  expect(await shop.books()).toMatchObject({ trades: [{ status: 'paid', slowAnswers: 3 }] });
});
