import iconv from 'iconv-lite';
import { deflateRawSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipOf } from '../../../infra/local/providers/alipay/bill-zip.ts';
import { alipayZipRows } from '../../../shared/payments/alipay/bill-zip.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';

const date = serviceDateSchema.parse('2026-12-01');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyun-alipay-bill-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rowsInZip = (zip: Buffer) => {
  const path = join(folder, 'bill.zip');
  writeFileSync(path, zip);
  return Array.fromAsync(alipayZipRows(path, date, { bill: 'the bill' }));
};
const rowsIn = async (...files: string[]) =>
  rowsInZip(await zipOf(Object.fromEntries(files.map((text, index) => [`${index}.csv`, text]))));

const heading =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,' +
  '支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,' +
  '退款批次号/请求号,服务费（元）,分润（元）,备注';
const top = [
  '#支付宝业务明细查询',
  '#账号：[20880000000000010156]',
  '#起始日期：[2026年12月01日 00:00:00]   终止日期：[2026年12月02日 00:00:00]',
  '#-----------------------------------------业务明细列表----------------------------------------',
  heading,
];
const payment =
  '2026120122001234560500012345\t,order-p1\t,交易\t,G1 北京南→上海虹桥,2026-12-01 08:59:00,2026-12-01 09:00:00,\t,\t,\t,\t,' +
  '*客(pas***@keyun.example)\t,553.00,550.00,0.00,0.00,0.00,3.00,0.00,,0.00\t,0.00,\t,-3.32,0.00,';
const refund =
  '2026120122001234560500012345\t,order-p1\t,退款\t,G1 北京南→上海虹桥,2026-12-01 08:59:00,2026-12-01 10:00:00,\t,\t,\t,\t,' +
  '*客(pas***@keyun.example)\t,-3.00,-3.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,order-p1-item-1,0.02,0.00,';
const end = '#-----------------------------------------业务明细列表结束------------------------------------';
const totals = (payments = '1笔，商家实收共550.00元', refunds = '1笔，商家实收退款共-3.00元') => [
  end,
  `#交易合计：${payments}，商家优惠共3.00元`,
  `#退款合计：${refunds}，商家优惠退款共0.00元`,
  '#导出时间：[2026年12月02日 05:46:49]',
];
const textOf = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;
const details = textOf([...top, payment, refund, ...totals()]);
const summary = (payments = '1', refunds = '1') =>
  textOf([
    '#支付宝业务汇总查询',
    '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,服务费（元）,实收净额（元）',
    `\t,北京南\t,1,1,550.00,547.00,-3.30,543.70`,
    `合计\t,\t,${payments},${refunds},550.00,547.00,-3.30,543.70`,
  ]);

const rows = [
  {
    kind: 'payment',
    type: '交易',
    paymentNumber: 'order-p1',
    providerNumber: '2026120122001234560500012345',
    at: '2026-12-01T01:00:00.000Z',
    amount: { amount: 55_300, currency: 'CNY' },
    cost: 332,
    row: 6,
  },
  {
    kind: 'refund',
    type: '退款',
    paymentNumber: 'order-p1',
    refundNumber: 'order-p1-item-1',
    providerNumber: '2026120122001234560500012345',
    at: '2026-12-01T02:00:00.000Z',
    amount: { amount: 300, currency: 'CNY' },
    cost: -2,
    row: 7,
  },
];

test.each([
  ['with its summary', [details, summary()]],
  ['with its summary first', [summary(), details]],
  ['without a summary', [details]],
  ['with something else in the zip', ['something else', details]],
])('a bill %s has its payments and refunds', async (_, files) => {
  expect(await rowsIn(...files)).toEqual(rows);
});

test('a bill in several files is read file by file, and its summary counts all of them', async () => {
  const second = details.replaceAll('order-p1', 'order-p2');
  const both = [...rows, ...rows].map(({ paymentNumber }) => paymentNumber);
  const read = await rowsIn(details, second, summary('2', '2'));
  expect(read).toHaveLength(both.length);
  await expect(rowsIn(details, second, summary('1', '2'))).rejects.toThrow(
    'the bill, summary, line 4: it counts 1 payments',
  );
});

test('brackets of half width, an older name and a new column in the heading change nothing', async () => {
  const other = details
    .replaceAll('（元）', '(元)')
    .replace('退款批次号/请求号', '退款批次号')
    .replace('备注\r', '备注,新列\r')
    .replaceAll(',0.00,\r', ',0.00,,\r');
  expect(await rowsIn(other)).toEqual(rows);
});

test('a movement of another kind is neither a payment nor a refund, and in no total', async () => {
  const other = payment.replace('交易', '分账').replace('553.00', '-9.00');
  const read = await rowsIn(textOf([...top, payment, other, refund, ...totals()]));
  expect(read[1]).toMatchObject({ kind: 'other', type: '分账', amount: { amount: -900 }, row: 7 });
});

test('commas and quotes in what another shop sold do not move the values', async () => {
  const sold = (name: string) => details.replace('G1 北京南→上海虹桥', name);
  for (const name of ['洗衣,含加急,再来', '"洗衣,含加急"', '5" 屏幕', '"没有结尾'])
    expect(await rowsIn(sold(name))).toEqual(rows);
});

test.each([
  ['门店名称', 7],
  ['券名称', 18],
  ['备注', 24],
])('a comma in %s moves no value', async (_, column) => {
  const values = payment.split(',').with(column, '老店,东门,二楼');
  expect(await rowsIn(textOf([...top, values.join(','), refund, ...totals()]))).toEqual(rows);
});

test.each([[[3, 7]], [[3, 18]], [[3, 24]], [[7, 18]], [[18, 24]], [[3, 7, 18, 24]]])(
  'commas in several texts (columns %j) move no value',
  async (texts) => {
    const values = payment.split(',');
    for (const column of texts) values[column] = ['老店,东门', '二楼,左,边'][column % 2]!;
    expect(await rowsIn(textOf([...top, values.join(','), refund, ...totals()]))).toEqual(rows);
  },
);

test('commas in texts that can be read in more than one way are not read', async () => {
  // Times in what was sold, as if it had ended before them.
  const values = payment.split(',').with(3, 'G1,2026-12-01 09:00:00,2026-12-01 09:01:00');
  await expect(rowsIn(textOf([...top, values.join(','), refund, ...totals()]))).rejects.toMatchObject({
    name: 'UnreadableBill',
  });
});

const replaced = (from: string, to: string): string => {
  expect(details).toContain(from);
  return details.replace(from, to);
};

test.each<[string, string, string]>([
  [
    'has no heading',
    textOf([...top.slice(0, 4), ...totals('0笔，商家实收共0.00元', '0笔，商家实收退款共0.00元')]),
    ': it has no heading',
  ],
  ['lacks a column', replaced('服务费（元）,', ''), ', line 5: the column 服务费（元） is missing'],
  [
    'has a column twice',
    replaced('服务费（元）,', '服务费（元）,服务费（元）,'),
    ', line 5: the column 服务费（元） is there twice',
  ],
  ['lacks a value', replaced(',-3.32', ''), ', line 6: it has 24 values, and the heading has 25 columns'],
  [
    'has a value more',
    replaced(',-3.32', ',0.00,-3.32'),
    ', line 6: it has 26 values, and the heading has 25 columns',
  ],
  ['has an amount as a float', replaced('553.00,550', '5.53e2,550'), ', line 6: 订单金额（元） is no amount'],
  [
    'has a fraction of a fen',
    replaced('553.00,550', '553.001,550'),
    ', line 6: 订单金额（元） has fractions of the smallest unit',
  ],
  [
    'has an amount with a comma',
    replaced('553.00,550', '"5,530.00",550'),
    ', line 6: 订单金额（元） is no amount',
  ],
  [
    'has a negative payment',
    replaced('553.00,550', '-553.00,550'),
    ', line 6: 订单金额（元） has the wrong sign',
  ],
  [
    'has a positive refund',
    replaced('-3.00,-3.00', '3.00,-3.00'),
    ', line 7: 订单金额（元） has the wrong sign',
  ],
  [
    'has a refund without number',
    replaced(',order-p1-item-1,', ',\t,'),
    ', line 7: 退款批次号/请求号 is missing',
  ],
  ['has no time', replaced('2026-12-01 09:00:00', '01.12.2026'), ', line 6: 完成时间 is no time'],
  [
    'is of another day',
    replaced('[2026年12月01日', '[2026年11月30日'),
    ', line 3: it is the bill for 2026-11-30',
  ],
  ['ends before its totals', textOf([...top, payment, refund]), ': it ends before its totals'],
  [
    'lacks one total',
    textOf([...top, payment, refund, ...totals().slice(0, 2)]),
    ': it ends before its totals',
  ],
  [
    'counts another number',
    textOf([...top, payment, refund, ...totals('2笔，商家实收共550.00元')]),
    ', line 9: its total is 2 payments, and the rows are 1',
  ],
  [
    'adds up to another sum',
    textOf([...top, payment, refund, ...totals(undefined, '1笔，商家实收退款共-3.01元')]),
    ', line 10: its sum of refunds is -3.01, and the rows say -3',
  ],
  [
    'goes on after its totals',
    textOf([...top, payment, refund, ...totals(), payment]),
    ', line 12: there is a row after the totals',
  ],
  ['has a huge line', replaced('G1', 'G'.repeat(70_000)), ', line 6: it has more than 65536 bytes'],
])('a bill that %s says so and where', async (_, file, why) => {
  const read = rowsIn(file);
  await expect(read).rejects.toMatchObject({ name: 'UnreadableBill', message: `the bill${why}` });
});

/** A zip of one file whose list says what the test wants. */
const zipWith = async (content: Buffer, change: (zip: Buffer, list: number) => void = () => undefined) => {
  const zip = await zipOf({ 'a.csv': iconv.decode(content, 'gbk') });
  change(zip, zip.readUInt32LE(zip.length - 6));
  return zip;
};

test('bytes that are not GBK are named by their line', async () => {
  const bytes = iconv.encode(details, 'gbk');
  const at = bytes.indexOf(iconv.encode('G1 北京南', 'gbk'));
  const broken = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xff]), bytes.subarray(at)]);
  const packed = deflateRawSync(broken);
  const { crc32 } = await import('node:zlib');
  const zip = rawZip(packed, { size: broken.length, checksum: crc32(broken) });
  await expect(rowsInZip(zip)).rejects.toMatchObject({
    message: 'the bill, line 6: it has bytes that are not GBK text',
  });
});

/** A zip of one file, byte by byte. */
const rawZip = (packed: Buffer, { size, checksum }: { size: number; checksum: number }): Buffer => {
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(checksum >>> 0, 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(size, 18);
  common.writeUInt16LE(1, 22);
  const file = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from('a'), packed]);
  const list = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, Buffer.alloc(14), Buffer.from('a')]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(file.length, 16);
  return Buffer.concat([file, list, end]);
};

test('a changed bit, a bomb, and a file that is no zip are told apart', async () => {
  const good = iconv.encode(details, 'gbk');
  const changed = await zipWith(good, (zip, list) => {
    zip.writeUInt32LE(1, list + 16);
    zip.writeUInt32LE(1, 14);
  });
  await expect(rowsInZip(changed)).rejects.toThrow(
    'the bill: a file in the zip is damaged: its checksum is wrong',
  );
  const bomb = await zipWith(good, (zip, list) => zip.writeUInt32LE(2 ** 31, list + 24));
  await expect(rowsInZip(bomb)).rejects.toThrow('it looks like a bomb');
  const zeros = await zipOf({ 'a.csv': `${details}${' '.repeat(30_000_000)}` });
  await expect(rowsInZip(zeros)).rejects.toThrow('it looks like a bomb');
  const whole = await zipOf({ 'a.csv': details });
  await expect(rowsInZip(whole.subarray(0, -30))).rejects.toThrow('the file is no zip, or a damaged one');
  await expect(rowsInZip(Buffer.from('<html>'))).rejects.toThrow('the file is no zip, or a damaged one');
  await expect(rowsInZip(Buffer.alloc(0))).rejects.toThrow('the file is no zip, or a damaged one');
  await expect(rowsIn('something else')).rejects.toThrow('the zip has no file of movements');
});

test('a zip of more files than a bill has is refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`${index}.csv`, 'x']));
  await expect(rowsInZip(await zipOf(many))).rejects.toThrow('the zip has more than 50 files');
});
