/**
 * `node tests/bench/long-bills/run.ts <provider> <file or count> [<sha1>]`: reads a long bill as the provider's implementation
 * does, in a process of its own, and prints how many rows it has, how long that took and how much memory.
 */
import { copyFile } from 'node:fs/promises';
import { alipayBills } from '../../../shared/payments/alipay/bill.ts';
import type { AlipayGateway } from '../../../shared/payments/alipay/request.ts';
import type { ProviderBills } from '../../../shared/payments/bill.ts';
import { stripeBills } from '../../../shared/payments/stripe/bill.ts';
import type { StripeClient } from '../../../shared/payments/stripe/request.ts';
import { wechatpayBills } from '../../../shared/payments/wechatpay/bill.ts';
import type { WechatpayClient } from '../../../shared/payments/wechatpay/request.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { accepted } from '../../../shared/platform/outcome.ts';
import { instantOf } from '../../../shared/platform/time.ts';

const [, , provider = '', given = '', sha1 = ''] = process.argv;
const clock = () => instantOf(Date.parse('2026-12-02T12:00:00Z'));
const download = (_address: string, path: string): Promise<void> => copyFile(given, path);

/** Pages of a list of so many charges, made as they are asked for. */
const pages = (async ({ fields = {} }: { fields?: Record<string, string> }) => {
  const first = fields['starting_after'] === undefined ? 0 : Number(fields['starting_after'].slice(4)) + 1;
  const data = Array.from({ length: Math.min(100, Number(given) - first) }, (_, index) => ({
    id: `txn_${first + index}`,
    type: 'charge',
    amount: 5000,
    fee: 175,
    currency: 'eur',
    created: Date.parse('2026-12-01') / 1000,
    source: {
      id: `ch_${first + index}`,
      amount: 5000,
      currency: 'eur',
      status: 'succeeded',
      payment_intent: `pi_${first + index}`,
      metadata: { payment: '01KDA0000000000000000000RD_1' },
    },
  }));
  return accepted({ content: { data, has_more: first + 100 < Number(given) } });
}) as unknown as StripeClient;

const bills: Readonly<Record<string, () => ProviderBills>> = {
  alipay: () => {
    const call = async () => accepted({ content: { bill_download_url: 'https://bills.example' } });
    return alipayBills({ call, download } as unknown as AlipayGateway, clock);
  },
  wechatpay: () => {
    const content = { download_url: 'https://bills.example', hash_type: 'SHA1', hash_value: sha1 };
    const client = { call: async () => accepted({ content }), download };
    return wechatpayBills(client as unknown as WechatpayClient, clock);
  },
  stripe: () => stripeBills(pages, clock),
};

const began = performance.now();
const read = await bills[provider]!().read(serviceDateSchema.parse('2026-12-01'));
let rows = 0;
let heap = 0;
if (read.outcome === 'accepted')
  for await (const row of read.rows) {
    rows += row.amount.amount > 0 ? 1 : 0;
    if (rows % 500 === 0) heap = Math.max(heap, process.memoryUsage().heapUsed);
  }
const milliseconds = Math.round(performance.now() - began);
const megabytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);
process.stdout.write(
  JSON.stringify({
    rows,
    milliseconds,
    cpuMilliseconds: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1000),
    heapMegabytes: megabytes(heap),
    residentMegabytes: megabytes(process.resourceUsage().maxRSS * 1024),
  }),
);
