import { composeMail } from '../../../shared/notifications/compose-mail.ts';
import { stopIdSchema } from '../../../shared/platform/ids.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';

describe('a change of seats on the way', () => {
  test.each([
    ['en', 'Coach 05, seat 12A; from Jinan West on: Coach 06, seat 12A'],
    ['zh-CN', '05车厢 12A号；济南西起：06车厢 12A号'],
  ])('is in the mail and in the calendar, in %s', async (locale, seats) => {
    const change = {
      stopId: stopIdSchema.parse('JNA'),
      name: '济南西',
      names: { en: 'Jinan West' },
      index: 1,
      departs: '2026-12-01T10:24:00+08:00',
    };
    const order = sampleOrder('issued', { locale, seatChange: change });
    const news = {
      event: 'order-issued' as const,
      order,
      tickets: sampleTickets(order),
      carrier: sampleCarrier,
    };
    const mail = await composeMail(news, (code) => Promise.resolve(Buffer.from(code)));
    expect(mail.text).toContain(seats);
    const calendar = mail.attachments.find(({ fileName }) => fileName.endsWith('.ics'));
    expect(calendar?.content.toString().replaceAll('\r\n ', '')).toContain(
      locale === 'en' ? 'from Jinan West on' : '济南西起',
    );
  });
});
