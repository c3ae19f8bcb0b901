import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { chinaDay, type BillDay } from '../bill-days.ts';
import { movementsIn, percentFee, troubleIn } from '../bill.ts';
import { dateOfTicket, newTicket } from '../bill-tickets.ts';
import type { Answer } from '../provider-sandbox.ts';
import { settle } from '../settle.ts';
import { wechatpayBill } from './bill-file.ts';
import { failed, type GatewayParts, type Reply } from './gateway.ts';

/** The address of a bill lives for five minutes (source: "申请交易账单"). */
const addressSeconds = 300;

const fileOf = ({ span }: BillDay, { books }: GatewayParts): string =>
  wechatpayBill(movementsIn(books, span, percentFee));

/** `GET /v3/bill/tradebill?bill_date=…&bill_type=ALL[&tar_type=GZIP]`. */
export const tradeBill = (query: URLSearchParams, parts: GatewayParts): Reply => {
  const { books, clock, url } = parts;
  settle(parts);
  const date = query.get('bill_date') ?? '';
  const packed = query.get('tar_type');
  const day = chinaDay(date, clock());
  if (!day || (query.get('bill_type') ?? 'ALL') !== 'ALL' || (packed !== null && packed !== 'GZIP'))
    return failed(400, 'PARAM_ERROR');
  if (day.stands === 'to-come' || !day.isYoung) return failed(400, 'INVALID_REQUEST', 'bill_date');
  const trouble = troubleIn(books, day.span);
  if (day.stands === 'in-the-making' || trouble === 'late') return failed(400, 'STATEMENT_CREATING');
  if (movementsIn(books, day.span, percentFee).length === 0) return failed(400, 'NO_STATEMENT_EXIST');
  const plain = trouble === 'damaged' ? '' : fileOf(day, parts);
  const token = newTicket(`${date}${packed === null ? '' : '.gz'}`, addressSeconds, parts);
  return {
    status: 200,
    body: {
      hash_type: 'SHA1',
      hash_value: createHash('sha1').update(plain).digest('hex'),
      download_url: `${url}/v3/billdownload/file?token=${token}`,
    },
  };
};

/** `GET /v3/billdownload/file?token=…`: its answer is not signed. Undefined for an address that is over. */
export const billFile = (token: string, parts: GatewayParts): Answer | undefined => {
  const [date = '', packed] = (dateOfTicket(token, parts) ?? '').split('.');
  const day = chinaDay(date, parts.clock());
  if (!day) return undefined;
  const plain = Buffer.from(fileOf(day, parts));
  return packed
    ? { status: 200, headers: { 'content-type': 'application/x-gzip' }, body: gzipSync(plain) }
    : { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: plain };
};
