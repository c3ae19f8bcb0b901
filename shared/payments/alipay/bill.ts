import { billLimits } from '../../platform/limits.ts';
import { accepted, rejected } from '../../platform/outcome.ts';
import { plusSeconds, type Clock } from '../../platform/time.ts';
import { emptyBill, type ProviderBills } from '../bill.ts';
import { billDays } from '../bill-days.ts';
import { byFile } from '../bill-file.ts';
import { alipayZipRows } from './bill-zip.ts';
import { transientFailure } from './failures.ts';
import { alipayZone } from './local-time.ts';
import { billAnswerSchema } from './model.ts';
import type { AlipayGateway } from './request.ts';

/** Alipay makes bills until about nine in the morning, sometimes later (source: "对账说明" of its open platform). */
const readyAfterHours = 10;
/**
 * Alipay answers the same whether the day had no movements or its bill is late. We believe in an empty day only when a late bill
 * would be there.
 */
const emptyAfterReadySeconds = 6 * 3600;

/** The documentation has `BILL_NOT_EXIST`; the gateway answers `isp.bill_not_exist`. */
const notThere = /(?:^|\.)bill_not_exist$/i;
/** A day that the gateway has no bill for yet is an invalid argument. It is spelt in several ways. */
const badDate = /(?:^|\.)inva(?:i?)lid[_-]arguments?$/i;

/**
 * The bills of Alipay, of the kind `trade`: an answer with an address that lives for thirty seconds, and a zip there. The answer
 * is signed; the zip is not: what proves it is TLS, the sums in it, and that it is of the day that we asked for.
 */
export const alipayBills = (gateway: AlipayGateway, clock: Clock): ProviderBills => {
  const days = billDays(alipayZone, readyAfterHours);
  return {
    ...days,
    read: async (date, signal) => {
      const now = clock();
      if (now < days.span(date).until) return rejected('not-ready');
      const reply = await gateway.call(
        'alipay.data.dataservice.bill.downloadurl.query',
        { bill_type: 'trade', bill_date: date },
        billAnswerSchema,
        { signal, limit: billLimits.request },
      );
      const readyAt = days.readyAt(date);
      if (reply.outcome === 'rejected') {
        if (reply.reason === 'BILL_DATE_BEFORE_REGISTRATION') return accepted({ rows: emptyBill() });
        if (notThere.test(reply.reason))
          return now < plusSeconds(readyAt, emptyAfterReadySeconds)
            ? rejected('not-ready')
            : accepted({ rows: emptyBill() });
        if (badDate.test(reply.reason) && now < readyAt) return rejected('not-ready');
        throw transientFailure(`it could not give the bill (${reply.reason})`);
      }
      const address = reply.content.bill_download_url;
      const place = { bill: `the bill of Alipay for ${date}` };
      return accepted({
        rows: byFile(
          (path) => gateway.download(address, path, signal),
          (path) => alipayZipRows(path, date, place),
        ),
      });
    },
  };
};
