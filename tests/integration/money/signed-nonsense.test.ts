import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment, ProviderName } from '../../../shared/payments/model.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { everythingIn } from '../../support/everything-in.ts';
import { answersOf, moneyWorld, type MoneyWorld } from './money-world.ts';
import { planted, type Notice } from './signed-notices.ts';

/** Notifications that the provider has signed, but that make no sense, or are not for us. */

let world: MoneyWorld;
let run: Run;
let people = 0;
const payments = new Map<ProviderName, Payment>();
beforeAll(async () => {
  world = await moneyWorld();
  run = await world.nextRun(10);
  for (const name of providerNames) {
    const payment = await world.begin(await world.held(run, [(people += 1)]), name);
    await world.enter(payment);
    payments.set(name, payment);
  }
});
afterAll(() => world.stop());
beforeEach(() => void (world.lines.length = 0));

type Content = Record<string, unknown>;
type Row = [what: string, change: (content: Content) => Content];

const long = 'x'.repeat(3000);
/** Texts and values in place of an amount in minor units. */
const noAmounts: readonly (readonly [string, unknown])[] = [
  ['a fraction', 55_300.5],
  ['a text', '55300'],
  ['negative', -55_300],
  ['huge', 1e300],
  ['beyond whole numbers', 2 ** 53],
  ['null', null],
  ['a list', [55_300]],
];
const noCurrencies: readonly (readonly [string, unknown])[] = [
  ['empty', ''],
  ['four letters', 'usdc'],
  ['a number', 156],
  ['a name', planted.name],
  ['null', null],
];
const noIds: readonly (readonly [string, unknown])[] = [
  ['missing', undefined],
  ['empty', ''],
  ['blank', '  '],
  ['too long', long],
  ['with a line feed', 'a\nb'],
  ['half a character', '\ud800'],
  ['a person', planted.name],
  ['a number', 7],
];
const set =
  (field: string, value: unknown) =>
  (content: Content): Content => ({ ...content, [field]: value });
const without =
  (field: string) =>
  (content: Content): Content =>
    Object.fromEntries(Object.entries(content).filter(([key]) => key !== field));

const alipay: readonly Row[] = [
  ...[
    '553.005',
    '-553.00',
    '5.53e2',
    '0x229',
    'NaN',
    '∞',
    '',
    '9'.repeat(400),
    '553,00',
    '1 000.00',
    '+553',
  ].map((amount): Row => [`an amount of ${amount.slice(0, 20)}`, set('total_amount', amount)]),
  ...noIds.flatMap(([what, value]): Row[] =>
    typeof value === 'string' && value !== '\ud800'
      ? [
          [`an id that is ${what}`, set('notify_id', value)],
          [`a trade number that is ${what}`, set('trade_no', value)],
        ]
      : [],
  ),
  ['another application', set('app_id', '2021000000000002')],
  ['another seller', set('seller_id', planted.buyer)],
  ['no seller', without('seller_id')],
  ['no payment number', without('out_trade_no')],
  ['an unknown state', set('trade_status', 'TRADE_PAID')],
  ['GBK', set('charset', 'GBK')],
  ['a payment that nobody knows', set('out_trade_no', '01KDA0000000000000000000RD_1')],
  ['a number of somebody else’s', set('out_trade_no', `${planted.name}${planted.phone}`)],
  ['a number that is too long', set('out_trade_no', long)],
];

const inside =
  (change: (content: Content) => Content) =>
  (notice: Content): Content => ({ ...notice, content: change(notice['content'] as Content) });
const amountWith = (field: string, value: unknown) =>
  inside((content) => ({ ...content, amount: { ...(content['amount'] as Content), [field]: value } }));
const wechatpay: readonly Row[] = [
  ...noAmounts.map(([what, value]): Row => [`an amount that is ${what}`, amountWith('total', value)]),
  ...noCurrencies.map(([what, value]): Row => [`a currency that is ${what}`, amountWith('currency', value)]),
  ...noIds.map(([what, value]): Row => [`an id that is ${what}`, set('id', value)]),
  ...noIds.map(([what, value]): Row => [
    `a transaction number that is ${what}`,
    inside(set('transaction_id', value)),
  ]),
  ['no amount', inside(set('amount', undefined))],
  ['another application', inside(set('appid', 'wx0000000000000002'))],
  ['another merchant', inside(set('mchid', '1900000002'))],
  ['no payment number', inside(set('out_trade_no', undefined))],
  ['an unknown state', inside(set('trade_state', 'PAID'))],
  ['another kind of event', (notice) => ({ ...notice, type: 'COUPON.USE', content: { coupon_id: '7' } })],
  ['a list', (notice) => ({ ...notice, content: [] })],
  ['a payment that nobody knows', inside(set('out_trade_no', '01KDA0000000000000000000RD_1'))],
  ['a number of somebody else’s', inside(set('out_trade_no', `${planted.name}${planted.phone}`))],
];

const intentWith = (change: (intent: Content) => Content) => (event: Content) => ({
  ...event,
  data: { object: change((event['data'] as { object: Content }).object) },
});
const stripe: readonly Row[] = [
  ...noAmounts.map(([what, value]): Row => [
    `an amount that is ${what}`,
    intentWith(set('amount_received', value)),
  ]),
  ...noCurrencies.map(([what, value]): Row => [
    `a currency that is ${what}`,
    intentWith(set('currency', value)),
  ]),
  ...noIds.map(([what, value]): Row => [`an id that is ${what}`, set('id', value)]),
  ...noIds.map(([what, value]): Row => [`an intent number that is ${what}`, intentWith(set('id', value))]),
  ['no data', set('data', null)],
  ['no type', set('type', '')],
  ['an unknown state', intentWith(set('status', 'paid'))],
  [
    'a payment that nobody knows',
    intentWith(set('metadata', { payment: '01KDA0000000000000000000RD_1', name: planted.name })),
  ],
];

const rows: Readonly<Record<ProviderName, readonly Row[]>> = { alipay, wechatpay, stripe };

/** What a provider may say of when the money came. */
const oddTimes = ['', 'now', '2026-02-31 25:61:61', '9'.repeat(400), -1, 0, 1.5, 1e15, 1e300, null, {}];
const times: Readonly<Record<ProviderName, readonly { field: string; value: unknown }[]>> = {
  alipay: oddTimes
    .map(String)
    .filter(Boolean)
    .map((value) => ({ field: 'gmt_payment', value })),
  wechatpay: oddTimes.map((value) => ({ field: 'success_time', value })),
  stripe: oddTimes.map((value) => ({ field: 'created', value })),
};
const timed = (name: ProviderName, { field, value }: { field: string; value: unknown }) =>
  name === 'wechatpay' ? inside(set(field, value)) : set(field, value);

const paymentOf = (name: ProviderName): Payment => {
  const payment = payments.get(name);
  if (!payment) throw new Error(`${name} has no payment`);
  return payment;
};
const post = (name: ProviderName, notice: Notice) =>
  world.gateway.send(name, world.noticeOf[name](paymentOf(name), notice));

/** Nothing changed, nobody is woken, and neither log nor tables say who it was. */
const expectUntouched = async (before: object): Promise<void> => {
  const after = await everythingIn(world.tables);
  expect(after).toEqual(before);
  expect(world.lines.filter(({ level }) => level === 'error')).toEqual([]);
  const said = JSON.stringify([world.lines, after]);
  for (const text of [...Object.values(planted), long]) expect(said).not.toContain(text);
};

describe.each(providerNames)('%s', (name) => {
  test.each(rows[name])('what it signed is refused: %s', async (_, change) => {
    const before = await everythingIn(world.tables);
    expect(await post(name, { change })).toMatchObject(answersOf(world.providerOf(name)).refused);
    await expectUntouched(before);
  });

  test.each(times[name])(
    'a time of its own that is odd (%j) keeps nothing from being booked',
    async (time) => {
      const payment = await world.begin(await world.held(run, [(people += 1)]), name);
      await world.tell(payment, { change: timed(name, time) });
      expect(await world.stored(payment)).toMatchObject({ state: 'captured' });
      expect(world.lines.filter(({ level }) => level !== 'info')).toEqual([]);
    },
  );

  test('what it signed as it should be is taken after all of that', async () => {
    await world.tell(paymentOf(name));
    expect(await world.stored(paymentOf(name))).toMatchObject({ state: 'captured' });
  });
});

/** An account at Stripe has one address for the events of all its applications: a refusal would switch it off in the end. */
test.each<Row>([
  ['nothing of ours in it', intentWith(set('metadata', {}))],
  ['no metadata', intentWith(set('metadata', undefined))],
  ['metadata that is null', intentWith(set('metadata', null))],
  ['a payment number of another form', intentWith(set('metadata', { payment: `${planted.name} 7` }))],
  ['an empty payment number', intentWith(set('metadata', { payment: '' }))],
  ['another object', (event) => ({ ...event, type: 'balance.available', data: { object: {} } })],
  [
    'a refund of another application',
    (event) => ({
      ...event,
      type: 'refund.created',
      data: { object: { metadata: { payment: planted.phone } } },
    }),
  ],
])('an event of another application of the account needs nothing and is taken: %s', async (_, change) => {
  const before = await everythingIn(world.tables);
  expect(await post('stripe', { change })).toMatchObject(answersOf(world.providerOf('stripe')).received);
  await expectUntouched(before);
});
