import type { Clock } from '../../../../shared/platform/time.ts';
import { chinaDay } from '../bill-days.ts';
import { movementsIn, percentFee, troubleIn } from '../bill.ts';
import { dateOfTicket, newTicket } from '../bill-tickets.ts';
import type { Books } from '../books.ts';
import { chinaTime, textOf } from '../formats.ts';
import type { Answer } from '../provider-sandbox.ts';
import { detailsOf, summaryOf } from './bill-file.ts';
import { zipOf } from './bill-zip.ts';
import { sellerId } from './keys.ts';

type Parts = { books: Books; clock: Clock; url: string };

/** The address of a bill lives for thirty seconds (source: the method in the documentation of the open platform). */
const addressSeconds = 30;

export const billMethod = 'alipay.data.dataservice.bill.downloadurl.query';
/** On the gateway's host in the sandbox; on another one of Alipay's in truth. */
export const billPath = '/downloadBillFile.resource';

/** `alipay.data.dataservice.bill.downloadurl.query`: its codes are those that the gateway gives, not the documented ones. */
export const billAddress = (
  content: Record<string, unknown>,
  parts: Parts,
): { bill_download_url: string } | { subCode: string } => {
  const { books, clock, url } = parts;
  const date = textOf(content['bill_date']) ?? '';
  const day = chinaDay(date, clock());
  if (!day || day.stands === 'to-come' || content['bill_type'] !== 'trade')
    return { subCode: 'isv.invalid_arguments' };
  const isThere =
    day.stands === 'there' &&
    troubleIn(books, day.span) !== 'late' &&
    movementsIn(books, day.span, percentFee).length > 0;
  if (!isThere) return { subCode: 'isp.bill_not_exist' };
  const fileId = newTicket(date, addressSeconds, parts);
  const compact = date.replaceAll('-', '');
  const query = new URLSearchParams({
    bizType: 'trade',
    userId: `${sellerId}0156`,
    fileType: 'csv.zip',
    bizDates: compact,
    downloadFileName: `${sellerId}0156_${compact}.csv.zip`,
    fileId,
  });
  return { bill_download_url: `${url}${billPath}?${query}` };
};

/** `GET <the address of a bill>`: the zip; 403 when the address is over. */
export const billFile = async (query: URLSearchParams, { books, clock }: Parts): Promise<Answer> => {
  const date = dateOfTicket(query.get('fileId') ?? '', { books, clock });
  const day = date === undefined ? undefined : chinaDay(date, clock());
  if (date === undefined || !day)
    return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'the address is over' };
  const bill = {
    date,
    nextDate: chinaTime(day.span.until).slice(0, 10),
    movements: movementsIn(books, day.span, percentFee),
  };
  const name = `${sellerId}0156_${date.replaceAll('-', '')}_业务明细`;
  const zip = await zipOf({ [`${name}.csv`]: detailsOf(bill), [`${name}(汇总).csv`]: summaryOf(bill) });
  const isDamaged = troubleIn(books, day.span) === 'damaged';
  return {
    status: 200,
    headers: { 'content-type': 'application/zip' },
    body: isDamaged ? zip.subarray(0, Math.floor(zip.length * 0.6)) : zip,
  };
};
