import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { accepted, rejected } from '../../platform/outcome.ts';
import type { Clock } from '../../platform/time.ts';
import { emptyBill, unreadableBill, type BillPlace, type ProviderBills } from '../bill.ts';
import { billDays } from '../bill-days.ts';
import { byFile, unpacked } from '../bill-file.ts';
import { wechatpayRows } from './bill-file.ts';
import { transientFailure } from './failures.ts';
import { wechatpayZone } from './local-time.ts';
import { billSchema, type WechatpayBill } from './model.ts';
import type { WechatpayClient } from './request.ts';

/** WeChat Pay makes bills until ten in the morning, and gives them for three months (source: "申请交易账单"). */
const readyAfterHours = 10;
const keptMonths = 3;

/**
 * The bills of WeChat Pay: one request for the address of the file, and a download of it that is signed as any request. What
 * comes is not signed, but the hash of the plain file is in the first answer, which is. No row is given before the hash is right.
 */
export const wechatpayBills = (client: WechatpayClient, clock: Clock): ProviderBills => {
  const days = billDays(wechatpayZone, readyAfterHours);
  return {
    ...days,
    read: async (date, signal) => {
      const now = clock();
      if (now < days.span(date).until) return rejected('not-ready');
      const oldest = Temporal.PlainDate.from(days.dayOf(now)).subtract({ months: keptMonths });
      if (date < oldest.toString()) return rejected('too-old');
      const path = `/v3/bill/tradebill?bill_date=${date}&bill_type=ALL&tar_type=GZIP`;
      const reply = await client.call({ method: 'GET', path, schema: billSchema, slow: true }, signal);
      if (reply.outcome === 'accepted') {
        const place = { bill: `the bill of WeChat Pay for ${date}` };
        return accepted({ rows: rowsOf(client, reply.content, place, signal) });
      }
      if (reply.reason === 'STATEMENT_CREATING') return rejected('not-ready');
      if (reply.reason !== 'NO_STATEMENT_EXIST')
        throw transientFailure(`it could not give the bill (${reply.reason})`);
      return now < days.readyAt(date) ? rejected('not-ready') : accepted({ rows: emptyBill() });
    },
  };
};

const rowsOf = (
  client: WechatpayClient,
  bill: WechatpayBill,
  place: BillPlace,
  signal: AbortSignal | undefined,
) =>
  byFile(
    (path) => client.download(bill.download_url, path, signal),
    async function* (path) {
      await checkHash(path, bill.hash_value, place);
      yield* wechatpayRows(unpacked(path, place), place);
    },
  );

const checkHash = async (path: string, expected: string, place: BillPlace): Promise<void> => {
  const hash = createHash('sha1');
  for await (const chunk of unpacked(path, place)) hash.update(chunk);
  const found = hash.digest('hex');
  if (found !== expected.toLowerCase())
    throw unreadableBill(place, `the SHA-1 of the file is ${found}, and WeChat Pay says ${expected}`);
};
