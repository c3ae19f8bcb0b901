import { composeMail } from '../../../shared/notifications/compose-mail.ts';
import { newsOf, ticketsFor } from '../../../shared/notifications/rules.ts';
import type { Ticket, WaiverReason } from '../../../shared/tickets/model.ts';
import { refundedTickets } from '../../support/refunded-tickets.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';
import { sampleJobId, waivedTickets } from '../../support/waived-tickets.ts';

const drawCode = (code: string): Promise<Buffer> => Promise.resolve(Buffer.from(code));
type Language = 'en' | 'de' | 'zh-CN';

const mailIn = (locale: Language, reason: WaiverReason) => {
  const order = sampleOrder('issued', { locale });
  return composeMail(
    { event: 'order-disrupted', order, tickets: waivedTickets(order, reason), carrier: sampleCarrier },
    drawCode,
  );
};

describe('a carrier that does not carry as it sold says so', () => {
  test.each<[Language, WaiverReason, string, string]>([
    ['en', 'run-cancelled', 'Cancelled: G1', 'Until 1 Dec, 10:30 (GMT+8) you can give your tickets back'],
    ['en', 'stop-cancelled', 'G1 does not call at your stop:', 'does not call where you board or alight'],
    ['en', 'delayed', 'Delayed: G1', 'leaves 北京南 about 90 minutes late. Your tickets stay valid.'],
    ['de', 'run-cancelled', 'Ausfall: G1', 'erstatten wir danach den vollen Preis'],
    [
      'de',
      'stop-cancelled',
      'G1 hält nicht an Ihrer Haltestelle:',
      'hält nicht dort, wo Sie ein- oder aussteigen',
    ],
    ['de', 'delayed', 'Verspätung: G1', 'etwa 90 Minuten später ab. Ihre Fahrkarten bleiben gültig.'],
    ['zh-CN', 'run-cancelled', '停运通知：', '您的 2 张车票可免费退票或改签；逾期未办理的，我们将全额退款'],
    ['zh-CN', 'stop-cancelled', '停靠站变更通知：', '不再停靠您的上车站或下车站'],
    ['zh-CN', 'delayed', '晚点通知：', '预计晚点 90 分钟。您的 2 张车票仍然有效'],
  ])('in %s, %s', async (locale, reason, subject, lead) => {
    const mail = await mailIn(locale, reason);
    expect(mail.subject).toContain(subject);
    expect(mail.text).toContain(lead);
    expect(mail.attachments).toEqual([]);
  });

  test('and to whoever has not chosen, that the money comes back', async () => {
    const order = sampleOrder('issued', { locale: 'en' });
    const tickets = refundedTickets(order, 0).map((ticket): Ticket =>
      ticket.state === 'refunded' ? { ...ticket, refund: { ...ticket.refund, jobId: sampleJobId } } : ticket,
    );
    const news = { event: 'tickets-refunded' as const, order, tickets, carrier: sampleCarrier };
    const { text } = await composeMail(news, drawCode);
    expect(text).toContain('the time to choose is over');
    expect(text).toContain('refunding the full CN¥1,106.00');
  });
});

test('the mail is about the tickets of the job that are still valid, and there is none without them', () => {
  const order = sampleOrder('issued');
  const waived = waivedTickets(order, 'delayed');
  const tickets = [...waived, ...sampleTickets(order), ...refundedTickets(order, 0)];
  expect(newsOf('order-disrupted', order)).toBe('order-disrupted');
  expect(ticketsFor('order-disrupted', sampleJobId, tickets)).toEqual(waived);
  expect(ticketsFor('order-disrupted', 'another', tickets)).toEqual([]);
});
