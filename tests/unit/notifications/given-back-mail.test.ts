import { composeMail } from '../../../shared/notifications/compose-mail.ts';
import { refundedTickets } from '../../support/refunded-tickets.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { sampleOrder } from '../../support/sample-order.ts';

const drawCode = (code: string): Promise<Buffer> => Promise.resolve(Buffer.from(code));

const mailIn = (locale: 'en' | 'de' | 'zh-CN', fee: number) => {
  const order = sampleOrder('issued', { locale });
  const tickets = refundedTickets(order, fee);
  return composeMail({ event: 'tickets-refunded', order, tickets, carrier: sampleCarrier }, drawCode);
};

describe('tickets that their passengers gave back', () => {
  const textIn = async (...what: Parameters<typeof mailIn>) => (await mailIn(...what)).text;

  test('name the fee and what comes back', async () => {
    const text = await textIn('en', 11_050);
    expect(text).toContain('We are refunding CN¥885.00 to your original payment method');
    expect(text).toContain('We kept a fee of CN¥221.00.');
    expect(await textIn('de', 11_050)).toMatch(/Wir erstatten 885,00\sCN¥/);
    expect(await textIn('zh-CN', 11_050)).toContain('扣除退票费 ¥221.00 后，¥885.00 将原路退回');
  });

  test('speak of no fee where there is none, and of nothing where nothing comes back', async () => {
    expect(await textIn('en', 0)).toContain('We are refunding the full CN¥1,106.00');
    expect(await textIn('zh-CN', 0)).toContain('票款 ¥1,106.00 将原路全额退回');
    expect(await textIn('en', 55_300)).toContain('As our offer said, nothing is refunded for them.');
    expect(await textIn('de', 55_300)).toContain('wird dafür nichts erstattet');
  });

  test('bring no code', async () => {
    const mail = await mailIn('en', 0);
    expect(mail.attachments).toEqual([]);
    expect(mail.html).not.toContain('cid:');
  });
});
