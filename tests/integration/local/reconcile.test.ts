import { signIn, type Buyer, type Journey } from '../../../cli/demo/client.ts';
import { passenger } from '../../../cli/demo/passengers.ts';
import { keyunIn } from '../../support/keyun-command.ts';
import { startLocalRun, type LocalRun } from '../../support/local-run.ts';

/*
 * A day of sales with every provider on a whole local run, and the command line on the morning after it. The providers'
 * sandboxes lie in their bills.
 */

// The first start may have to bundle and synthesize.
jest.setTimeout(240_000);

const dayMilliseconds = 86_400_000;
const today = Math.floor(Date.now() / dayMilliseconds);
/** Noon in Beijing, when Beijing and UTC have the same day. */
const noon = new Date((today + 1) * dayMilliseconds + 4 * 3_600_000);
const date = noon.toISOString().slice(0, 10);
const nextMorning = new Date(noon.getTime() + dayMilliseconds);

/** What a bill says of a payment, and as what it is told. */
const lies = [
  { provider: 'alipay', lie: 'bill-omits', told: 'missing-there' },
  { provider: 'alipay', lie: 'bill-amount?amount=1', told: 'amount' },
  { provider: 'wechatpay', lie: 'bill-currency?currency=JPY', told: 'currency' },
  { provider: 'wechatpay', lie: 'bill-stranger', told: undefined },
  { provider: 'stripe', lie: 'bill-twice', told: 'twice' },
  { provider: 'stripe', lie: 'bill-state?state=failed', told: 'state' },
] as const;

let run: LocalRun;
let buyer: Buyer;
beforeAll(async () => {
  run = await startLocalRun({}, noon);
  buyer = await signIn(run.endpoints, run.dataDir, 'buyer@example.com');
  const [journey] = await journeys();
  for (const [index, { provider, lie }] of lies.entries())
    await buy(journey?.runId ?? '', index + 1, { provider, lie });
  await run.kill();
  await run.restart(nextMorning);
});
afterAll(() => run.stop());

const journeys = async (): Promise<Journey[]> => {
  const later = new Date(noon.getTime() + 4 * dayMilliseconds).toISOString().slice(0, 10);
  const { body } = await buyer.get<{ journeys: Journey[] }>(`/v1/journeys?from=VNP&to=AOH&date=${later}`);
  return body.journeys;
};

const buy = async (
  runId: string,
  person: number,
  { provider, lie }: { provider: string; lie: string },
): Promise<void> => {
  const wish = { runId, from: 'VNP', to: 'AOH', class: 'first', passengers: [passenger(person)] };
  const { orderId } = (await buyer.placeOrder(wish)).body;
  const { cashier } = await buyer.pay(orderId, provider);
  expect((await buyer.waitFor(orderId, ['issued'])).state).toBe('issued');
  const lied = await fetch(`${cashier}/${lie}`, { method: 'POST', headers: { accept: 'application/json' } });
  expect(lied.status).toBe(200);
};

const keyun = (...words: string[]) => keyunIn({ ...process.env, KEYUN_DATA_DIR: run.dataDir }, ...words);

const of = (provider: string, told: string) =>
  new RegExp(
    `${provider}, ${date}\\n(?: .*\\n)*?  ${told} .*\\n(?: .*\\n)*?  \\d open .*keyun attention show`,
  );

test('the day is compared, told once, settled by a person, and told to nobody any more', async () => {
  const first = await keyun('reconcile', '--date', date);
  expect(first).toMatchObject({ code: 1, err: '' });
  for (const { told } of lies) if (told) expect(first.out).toMatch(new RegExp(`  NEW +${told} `));
  expect(first.out).toMatch(of('Alipay', 'NEW +missing-there'));
  expect(first.out).toMatch(of('WeChat Pay', 'of another application: SUCCESS'));
  expect(first.out).toMatch(of('Stripe', 'NEW +state'));

  const again = await keyun('reconcile', '--date', date, '--provider', 'wechatpay');
  expect(again.code).toBe(1);
  expect(again.out).toContain('STILL OPEN');
  expect(again.out).not.toContain('NEW');
  expect(again.out).not.toContain('Alipay');

  const listed = await keyun('attention', 'list');
  for (const provider of ['alipay', 'wechatpay', 'stripe']) {
    const id = `${provider}-${date}`;
    expect(listed.out).toMatch(new RegExp(`bill-differs +${id} .*; edition 1`));
    const [, seen = ''] = /--seen (\w+)/.exec((await keyun('attention', 'show', id)).out) ?? [];
    const settled = await keyun('attention', 'settle', id, '--seen', seen, '--reason', 'asked by telephone');
    expect(settled).toEqual({ code: 0, out: `${id} no longer needs a person\n`, err: '' });
  }
  expect((await keyun('attention', 'list')).out).toBe('Nothing needs a person\n');
  const settled = await keyun('reconcile', '--date', date);
  expect(settled).toMatchObject({ code: 0, err: '' });
  expect(settled.out).toContain('  settled ');
  expect(settled.out.match(/  no open differences\n/g)).toHaveLength(3);
});

test('for a program the reports are JSON', async () => {
  const { code, out } = await keyun('reconcile', '--date', date, '--provider', 'stripe', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject([
    {
      provider: 'stripe',
      date,
      open: 0,
      bill: { payments: { count: 2 } },
      books: { payments: { count: 2 } },
      differences: expect.arrayContaining([
        expect.objectContaining({ class: 'twice', state: 'settled' }),
        expect.objectContaining({ class: 'state', state: 'settled' }),
      ]) as unknown,
    },
  ]);
});

test('a day that is not over, or too old, and a provider that does not exist are each said in a line', async () => {
  const tomorrow = await keyun('reconcile', '--date', nextMorning.toISOString().slice(0, 10));
  expect(tomorrow.code).toBe(1);
  expect(tomorrow.out.split('\n').slice(0, 3)).toEqual(
    ['Alipay', 'WeChat Pay', 'Stripe'].map((name) =>
      expect.stringMatching(`^${name}, .*: the day is not over there yet$`),
    ),
  );
  const old = await keyun('reconcile', '--date', '2020-01-01', '--provider', 'wechatpay');
  expect(old).toEqual({
    code: 1,
    out: 'WeChat Pay, 2020-01-01: the provider does not give so old a bill any more\n',
    err: '',
  });
  const nobody = await keyun('reconcile', '--date', date, '--provider', 'paypal');
  expect(nobody.code).toBe(1);
  expect(nobody.err).toMatch(/Allowed choices are alipay, wechatpay, stripe/);
});
