import { wechatpayRows } from '../../../shared/payments/wechatpay/bill-file.ts';
import { heading, refundRow, rowOf, textOf, totals, whole } from './wechatpay-bill-file.ts';

/** Bytes as they come over a network: in pieces, whose ends are anywhere. */
async function* inPieces(bytes: Buffer, size = 7): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const rowsIn = (file: string | Buffer, size?: number) =>
  Array.fromAsync(wechatpayRows(inPieces(Buffer.from(file as string), size), { bill: 'the bill' }));

const payment = {
  kind: 'payment',
  type: 'SUCCESS',
  paymentNumber: 'order-p1',
  providerNumber: '4200000000000000000000000001',
  at: '2026-12-01T01:00:00.000Z',
  amount: { amount: 55_300, currency: 'CNY' },
  cost: 332,
  row: 2,
};
const refund = {
  kind: 'refund',
  type: 'REFUND',
  paymentNumber: 'order-p1',
  refundNumber: 'order-p1-item-1',
  providerNumber: '50300000000000001',
  at: '2026-12-01T01:00:00.000Z',
  amount: { amount: 300, currency: 'CNY' },
  cost: -2,
  row: 3,
};

test.each([
  ['with line ends of Windows', textOf(whole)],
  ['with line ends of Unix, and none at the end', whole.join('\n')],
  ['with a byte order mark', `\u{FEFF}${textOf(whole)}`],
  ['with empty lines at the end', `${textOf(whole)}\r\n\r\n`],
])('a bill %s has its payments and refunds', async (_, file) => {
  expect(await rowsIn(file)).toEqual([payment, refund]);
});

test('an older bill has other names for some columns', async () => {
  const older = (line: string) =>
    line
      .replace('应结订单金额', '旧应结订单金额')
      .replace(/(?<!应结)订单金额/, '总金额')
      .replace('申请退款金额', '申请金额')
      .replace('订单总金额,申请退款总金额', '总交易额,总退款金额');
  const file = [older(heading), ...whole.slice(1, 3), ...whole.slice(3).map(older)];
  expect(await rowsIn(textOf(file))).toEqual([payment, refund]);
});

test('the order of columns does not matter, nor one that is new', async () => {
  const turned = (line: string, comma: string) => line.split(comma).reverse();
  const rows = whole.slice(1, 3).map((line) => `\`新,\`${turned(line.slice(1), ',`').join(',`')}`);
  const file = [`新列,${turned(heading, ',').join(',')}`, ...rows, ...whole.slice(3)];
  expect(await rowsIn(textOf(file))).toEqual([payment, refund]);
});

test('commas in what was sold are no commas between values', async () => {
  const file = [
    heading,
    rowOf({ subject: '洗衣, 含加急,再来' }),
    ...totals(1, { paid: '553.00', fee: '3.32000' }),
  ];
  expect(await rowsIn(textOf(file))).toEqual([payment]);
});

test('line feeds in what was sold do not end the row', async () => {
  for (const subject of ['洗衣\n含加急', '洗衣\r\n含加急,\n\n再来', '\n', '洗衣\n`再来', '一\n二\n三\n四']) {
    const file = [
      heading,
      rowOf({ subject }),
      refundRow(),
      ...totals(2, { paid: '553.00', refunded: '3.00', fee: '3.30000' }),
    ];
    const lines = subject.split('\n').length - 1;
    expect(await rowsIn(textOf(file))).toEqual([payment, { ...refund, row: 3 + lines }]);
  }
});

test('a row that never ends is given up', async () => {
  const [begin = ''] = rowOf({ subject: '|' }).split('|');
  const file = [heading, begin, ...Array.from({ length: 200_000 }, () => 'x')];
  await expect(rowsIn(textOf(file))).rejects.toThrow(
    'line 2: it has 21 values, and the heading has 27 columns',
  );
});

test('a row that another row ends, or the totals, is not whole', async () => {
  const [begin = '', end = ''] = rowOf({ subject: '|' }).split('|');
  const all = totals(2, { paid: '553.00', refunded: '3.00', fee: '3.30000' });
  for (const file of [
    [heading, begin, refundRow(), end, ...all],
    [heading, refundRow(), begin, ...all],
    [heading, begin, rowOf(), ...all],
  ])
    await expect(rowsIn(textOf(file))).rejects.toMatchObject({
      name: 'UnreadableBill',
      message: expect.stringMatching(/it has 21 values, and the heading has 27 columns/) as string,
    });
});

test.each([
  ['SUCCESS', undefined],
  ['PROCESSING', undefined],
  ['CHANGE', 'CHANGE'],
  ['FAIL', 'FAIL'],
])(
  'a refund that is %s has the state %s: the bill keeps the state of its day',
  async (refundStatus, state) => {
    const file = [heading, refundRow({ refundStatus }), ...totals(1, { refunded: '3.00', fee: '-0.02000' })];
    expect(await rowsIn(textOf(file))).toEqual([{ ...refund, row: 2, ...(state && { state }) }]);
  },
);

test('a payment that was revoked is a payment that is not done', async () => {
  const file = [
    heading,
    refundRow({ status: 'REVOKED', refund: '0' }),
    ...totals(1, { refunded: '3.00', fee: '-0.02000' }),
  ];
  const [row] = await rowsIn(textOf(file));
  expect(row).toMatchObject({
    kind: 'payment',
    type: 'REVOKED',
    state: 'REVOKED',
    amount: { amount: 300, currency: 'CNY' },
  });
  expect(row).not.toHaveProperty('refundNumber');
});

test('a row in another currency has it, with its own smallest unit', async () => {
  const file = [heading, rowOf({ currency: 'JPY' }), ...totals(1, { paid: '553.00', fee: '3.32000' })];
  const [row] = await rowsIn(textOf(file));
  expect(row).toMatchObject({ amount: { amount: 553, currency: 'JPY' }, cost: 3 });
});

test('a bill of a day without movements has only its totals', async () => {
  expect(await rowsIn(textOf([heading, ...totals(0)]))).toEqual([]);
});

const good = textOf(whole);
const replaced = (from: string, to: string): string => {
  expect(good).toContain(from);
  return good.replace(from, to);
};
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const inLine2 = good.indexOf('北京南');
const brokenText = Buffer.concat([
  Buffer.from(good.slice(0, inLine2)),
  bytes('\xff'),
  Buffer.from(good.slice(inLine2)),
]);

test.each<[string, string | Buffer, string]>([
  ['is empty', '', 'it is empty'],
  ['is nothing but line ends', '\r\n\r\n', 'it is empty'],
  ['has only totals', textOf(totals(0)), 'line 1: the column 交易时间 is missing'],
  ['lacks a column', replaced('商户订单号,', ''), 'line 1: the column 商户订单号 is missing'],
  [
    'has a column twice',
    replaced('商户订单号,', '商户订单号,商户订单号,'),
    'line 1: the column 商户订单号 is there twice',
  ],
  [
    'has a value more',
    replaced(',`NATIVE', ',`,`NATIVE'),
    'line 2: it has 28 values, and the heading has 27 columns',
  ],
  ['lacks a value', replaced(',`NATIVE', ''), 'line 2: it has 26 values, and the heading has 27 columns'],
  [
    'has an amount with a comma',
    replaced('`553.00,`0.00,`\r', '`1,553.00,`0.00,`\r'),
    'line 2: 订单金额 is no amount',
  ],
  [
    'has an amount as a float',
    replaced('`553.00,`0.00,`\r', '`5.53e2,`0.00,`\r'),
    'line 2: 订单金额 is no amount',
  ],
  [
    'has a fraction of a fen',
    replaced('`553.00,`0.00,`\r', '`553.001,`0.00,`\r'),
    'line 2: 订单金额 has fractions of the smallest unit',
  ],
  [
    'has a long fraction',
    replaced('`553.00,`0.00,`\r', '`0.30000000000000004,`0.00,`\r'),
    'line 2: 订单金额 is no amount',
  ],
  ['has no time', replaced('2026-12-01 09:00:00', '2026-12-01'), 'line 2: 交易时间 is no time'],
  [
    'has a time that is none',
    replaced('2026-12-01 09:00:00', '2026-12-41 09:00:00'),
    'line 2: 交易时间 is no time',
  ],
  ['has no currency', replaced('`CNY', '`元'), 'line 2: 货币种类 is no currency'],
  ['has a refund without number', replaced('order-p1-item-1', ''), 'line 3: 商户退款单号 is missing'],
  ['has bytes that are no text', brokenText, 'line 2: it has bytes that are not UTF-8 text'],
  ['has a huge line', replaced('北京南', '北'.repeat(60_000)), 'line 2: it has more than 65536 bytes'],
  ['is one huge line', 'x'.repeat(200_000), 'line 1: it has more than 65536 bytes'],
  ['is cut off in a row', good.slice(0, good.indexOf('order-p1-item-1')), 'line 3: it has'],
  ['is cut off before its totals', textOf(whole.slice(0, 3)), 'it ends before its totals'],
  ['is cut off in its totals', textOf(whole.slice(0, 4)), 'it ends before its totals'],
  ['goes on after its totals', `${good}${rowOf()}\r\n`, 'line 6: there is more after the totals'],
  [
    'counts another number',
    textOf([...whole.slice(0, 3), ...totals(3, { paid: '553.00', refunded: '3.00', fee: '3.30000' })]),
    'line 5: 总交易单数 is 3, and the rows say 2',
  ],
  [
    'adds up to another sum',
    textOf([...whole.slice(0, 3), ...totals(2, { paid: '553.01', refunded: '3.00', fee: '3.30000' })]),
    'line 5: 订单总金额 is 553.01, and the rows say 553',
  ],
  [
    'adds up to other costs',
    textOf([...whole.slice(0, 3), ...totals(2, { paid: '553.00', refunded: '3.00', fee: '3.29000' })]),
    'line 5: 手续费总金额 is 3.29, and the rows say 3.3',
  ],
])('a bill that %s says so and where', async (_, file, why) => {
  for (const size of [7, 100_000]) {
    const read = rowsIn(file, size);
    await expect(read).rejects.toMatchObject({ name: 'UnreadableBill' });
    await expect(read).rejects.toThrow(`the bill${why.startsWith('line') ? ', ' : ': '}${why}`);
  }
});
