import { composeMail } from '../../../shared/notifications/compose-mail.ts';
import type { News } from '../../../shared/notifications/mail-view.ts';
import { newsEvents, type NewsEvent } from '../../../shared/notifications/model.ts';
import type { Refund } from '../../../shared/payments/model.ts';
import type { Ticket } from '../../../shared/tickets/model.ts';
import { languages } from '../../../shared/platform/locales.ts';
import { money } from '../../../shared/platform/money.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { refundedTickets } from '../../support/refunded-tickets.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';
import { waivedTickets } from '../../support/waived-tickets.ts';

const stateOf = {
  'order-held': 'held',
  'order-issued': 'issued',
  'order-disrupted': 'issued',
  'tickets-refunded': 'issued',
  'order-expired': 'expired',
  'order-cancelled': 'cancelled',
  'order-refunded': 'refunded',
  'order-refund-granted': 'issued',
} as const satisfies Record<NewsEvent, string>;

const drawCode = (code: string): Promise<Buffer> => Promise.resolve(Buffer.from(`picture of ${code}`));

const mailFor = (event: NewsEvent, order: News['order'], tickets: Ticket[] = []) =>
  composeMail({ event, order, tickets, carrier: sampleCarrier }, drawCode);

const issuedMail = (more: Parameters<typeof sampleOrder>[1] = {}) => {
  const order = sampleOrder('issued', more);
  return mailFor('order-issued', order, sampleTickets(order));
};

const subjects: Record<'en' | 'zh-CN', Record<NewsEvent, string>> = {
  en: {
    'order-held': 'Please pay by 20 Nov, 10:15 (GMT+8): G1 北京南 to 上海虹桥',
    'order-issued': 'Your tickets: G1 北京南 to 上海虹桥, Tue, 1 Dec 2026',
    'order-disrupted': 'Cancelled: G1 北京南 to 上海虹桥, Tue, 1 Dec 2026',
    'tickets-refunded': '2 tickets cancelled: G1 北京南 to 上海虹桥, Tue, 1 Dec 2026',
    'order-expired': 'Your seats were released: G1 北京南 to 上海虹桥',
    'order-cancelled': 'Order cancelled: G1 北京南 to 上海虹桥',
    'order-refunded': 'Refund of CN¥1,106.00: G1 北京南 to 上海虹桥',
    'order-refund-granted': 'Refund of CN¥1,106.00: G1 北京南 to 上海虹桥',
  },
  'zh-CN': {
    'order-held': '请在11月20日 10:15 (GMT+8)前支付：G1 北京南—上海虹桥',
    'order-issued': '出票成功：2026年12月1日周二 G1 北京南—上海虹桥',
    'order-disrupted': '停运通知：2026年12月1日周二 G1 北京南—上海虹桥',
    'tickets-refunded': '退票成功，共 2 张：2026年12月1日周二 G1 北京南—上海虹桥',
    'order-expired': '订单已超时，席位已释放：G1 北京南—上海虹桥',
    'order-cancelled': '订单已取消：G1 北京南—上海虹桥',
    'order-refunded': '已退款 ¥1,106.00：G1 北京南—上海虹桥',
    'order-refund-granted': '退款 ¥1,106.00：G1 北京南—上海虹桥',
  },
};

describe.each(['en', 'zh-CN'] as const)('in %s', (locale) => {
  test.each(newsEvents)('%s says what happened, where, when and how much', async (event) => {
    const issued = sampleOrder('issued', { locale });
    const ticketsOf: Partial<Record<NewsEvent, Ticket[]>> = {
      'tickets-refunded': refundedTickets(issued, 0),
      'order-disrupted': waivedTickets(issued, 'run-cancelled'),
    };
    const tickets = ticketsOf[event];
    const mail = tickets
      ? await mailFor(event, issued, tickets)
      : await mailFor(event, sampleOrder(stateOf[event], { locale }));

    expect(mail.to).toBe('zhang@example.com');
    expect(mail.subject).toBe(subjects[locale][event]);
    for (const body of [mail.html, mail.text]) {
      for (const expected of ['G1', '09:00', '北京南', '13:28', '上海虹桥', '张三', 'Anna Schmidt', '12A']) {
        expect(body).toContain(expected);
      }
      expect(body).toContain('1,106.00');
      expect(body).toContain('01KBZ5Q7W8XN3V4M5T6R7S8P9A');
      expect(body).not.toMatch(/undefined|null|\[object|\{[a-z]+\}|<%/);
    }
    expect(mail.html).toContain(`<html lang="${locale}">`);
    expect(mail.attachments).toEqual([]);
  });
});

describe('a held order', () => {
  test('names the deadline, and an expired one does not', async () => {
    expect((await mailFor('order-held', sampleOrder('held', { locale: 'en' }))).text).toContain(
      'Pay by: 20 Nov, 10:15 (GMT+8)',
    );
    expect((await mailFor('order-expired', sampleOrder('expired', { locale: 'en' }))).text).not.toContain(
      '10:15',
    );
  });

  test('for one passenger speaks of one seat', async () => {
    const order = sampleOrder('held', { locale: 'en', passengers: [{ name: 'Anna Schmidt' }] });
    expect((await mailFor('order-held', order)).text).toContain('We are holding one seat for you');
  });
});

test.each([
  ['en', 'Refund of CN¥12.50', 'your tickets stay valid'],
  ['zh-CN', '退款 ¥12.50', '您的车票仍然有效'],
  ['de', 'Erstattung von 12,50', 'ihre fahrkarten bleiben gültig'],
] as const)(
  'money that is given back, in %s, tells its own amount and that the tickets stay',
  async (locale, subject, stays) => {
    const order = sampleOrder('issued', { locale });
    const granted = money(1250, 'CNY');
    const mail = await composeMail(
      { event: 'order-refund-granted', order, tickets: [], granted, carrier: sampleCarrier },
      drawCode,
    );
    expect(mail.subject).toContain(subject);
    expect(mail.text.toLowerCase()).toContain(stays);
    expect(mail.text).not.toMatch(/1[,.]106/);
    expect(mail.text).toMatch(/12[,.]50/);
  },
);

describe('money that went back', () => {
  const refunded = { event: 'order-refunded' as const, tickets: [], carrier: sampleCarrier };
  const leadIn = async (locale: 'en' | 'zh-CN', refundedFor: Refund['reason']) =>
    (await composeMail({ ...refunded, order: sampleOrder('refunded', { locale }), refundedFor }, drawCode))
      .text;

  test('because the run had left says that, and of which stop', async () => {
    expect(await leadIn('en', 'departed')).toContain('when G1 had already left 北京南');
    expect(await leadIn('zh-CN', 'departed')).toContain('G1次已从北京南发车');
  });

  test('because the timetable does not have the run any more says that', async () => {
    expect(await leadIn('en', 'run-gone')).toContain('G1 from 北京南 no longer runs');
    expect(await leadIn('zh-CN', 'run-gone')).toContain('从北京南出发的G1次已停运');
  });

  test('for any other reason speaks of the seats', async () => {
    expect(await leadIn('en', 'late-payment')).toContain('could not give you the seats');
  });
});

describe('an issued order', () => {
  test('brings for each ticket its code, shown in the text, and a calendar entry', async () => {
    const { html, attachments } = await issuedMail();
    const tickets = sampleTickets(sampleOrder('issued'));

    expect(attachments.map(({ fileName, contentType }) => [fileName, contentType])).toEqual([
      ['G1-05-12A.png', 'image/png'],
      ['G1-05-12A.ics', 'text/calendar; charset=utf-8'],
      ['G1-05-12B.png', 'image/png'],
      ['G1-05-12B.ics', 'text/calendar; charset=utf-8'],
    ]);
    for (const { contentId, content } of attachments.filter((each) => each.contentId)) {
      expect(html).toContain(`src="cid:${contentId}"`);
      expect(tickets.map(({ code }) => `picture of ${code}`)).toContain(content.toString());
    }
  });

  test('shows documents behind their masks alone', async () => {
    const { html, text, attachments } = await issuedMail();
    const everything = [html, text, ...attachments.map(({ content }) => content.toString())].join('\n');
    expect(everything).toContain('1101***********02X');
    expect(everything).not.toMatch(/11010519491231002X|C01X00T47/);
  });

  test('names who travels on a lap', async () => {
    const order = sampleOrder('issued', { locale: 'en' });
    const [first] = Object.values(order.items);
    const held = { name: '李四', nameMasked: '李*', type: 'infant', documentMasked: 'C01****47' };
    Object.assign(first?.passenger ?? {}, { onLap: [held] });
    const mail = await mailFor('order-issued', order, sampleTickets(order));
    expect(mail.text).toContain('with 李四 on the lap (Infant · C01****47)');
    expect(mail.html).toContain('with 李四 on the lap (Infant · C01****47)');
  });

  test('leaves a passenger without ticket out', async () => {
    const order = sampleOrder('issued');
    const mail = await mailFor('order-issued', order, sampleTickets(order).slice(1));
    expect(mail.text).not.toContain('张三');
    expect(mail.attachments).toHaveLength(2);
  });

  test('that arrives on another day says so', async () => {
    const to = sampleOrder('held').to;
    const { text } = await issuedMail({ locale: 'en', to: { ...to, arrives: '2026-12-02T06:10:00+08:00' } });
    expect(text).toMatch(/06:10 {2}上海虹桥 {2}\+1 day/);
  });

  test('shows every stop in its own time, whatever the zone', async () => {
    const from = { ...sampleOrder('held').from, departs: '2026-03-28T23:30:00-03:00' };
    const { text } = await issuedMail({ locale: 'en', from });
    expect(text).toContain('Sat, 28 Mar 2026\n23:30');
  });
});

describe('what people and feeds may have typed', () => {
  const nasty = `<script>alert(1)</script>"'&\r\nBcc: all@example.com`;

  test('is text in the HTML, never markup', async () => {
    const { from } = sampleOrder('held');
    const { html } = await issuedMail({
      trip: '<b>G1</b>',
      passengers: [{ name: nasty }],
      from: { ...from, name: `<img src=x onerror=alert(1)>${nasty}` },
    });
    expect(html).not.toMatch(/<script|<b>|<img src=x/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp; Bcc: all@example.com');
    expect(html).toContain('script alert( ) script &#39; Bcc all example. com');
  });

  test('is no message syntax either', async () => {
    const { text } = await issuedMail({ trip: "{count, plural, other {'x'}} <b>" });
    expect(text).toContain("{count, plural, other {'x'}} <b>");
  });

  test('begins no line of its own, in the subject, the text or the calendar', async () => {
    const { from } = sampleOrder('held');
    const mail = await issuedMail({
      trip: 'G1\r\nBcc: all@example.com',
      passengers: [{ name: nasty }],
      from: { ...from, name: 'A\u2028B\nATTENDEE:x' },
    });
    const calendar = mail.attachments.find(({ fileName }) => fileName.endsWith('.ics'))!.content.toString();
    expect(mail.subject).not.toMatch(/[\r\n\u2028]/);
    expect(mail.text).not.toMatch(/^(Bcc|ATTENDEE)/m);
    expect(calendar).not.toMatch(/^(Bcc|ATTENDEE)/m);
    for (const { fileName } of mail.attachments) expect(fileName).toMatch(/^[\w-]+\.(png|ics)$/);
  });
});

describe('a place without a number', () => {
  const lines = {
    de: 'Wagen 05, freie Platzwahl',
    en: 'Coach 05, no seat number',
    'zh-CN': '05车厢 无座号',
  };

  test.each(languages)('is named by its coach in %s: in the mail, and in the calendar', async (locale) => {
    const order = sampleOrder('issued', { locale });
    const items = Object.fromEntries(
      Object.entries(order.items).map(([itemId, item]) => [
        itemId,
        { ...item, place: { ...item.place, seat: '' } },
      ]),
    );
    const tickets = sampleTickets(order).map((ticket) => ({ ...ticket, seat: '' }));
    const { html, text, attachments } = await mailFor('order-issued', { ...order, items }, tickets);
    for (const body of [html, text]) expect(body).toContain(lines[locale]);
    const calendars = attachments.filter(({ fileName }) => fileName.endsWith('.ics'));
    expect(new Set(attachments.map(({ fileName }) => fileName)).size).toBe(4);
    for (const { content } of calendars)
      expect(content.toString().replaceAll('\r\n ', '').replaceAll('\\,', ',')).toContain(lines[locale]);
  });
});

describe('the regional form of a language', () => {
  const heldIn = async (locale: string) => {
    const order = sampleOrder('held', { locale });
    const { text } = await mailFor('order-held', {
      ...order,
      from: { ...order.from, departs: '2026-12-01T09:05:00+08:00' },
      amount: { amount: 110_600, currency: 'USD' },
    });
    return text.replaceAll(/[\u00a0\u202f]/g, ' ');
  };

  test.each<[string, string[]]>([
    ['en', ['Tue, 1 Dec 2026', '09:05', '13:28', '20 Nov, 10:15 (GMT+8)', 'US$1,106.00']],
    ['en-US', ['Tue, Dec 1, 2026', '9:05 AM', '1:28 PM', 'Nov 20, 10:15 AM (GMT+8)', '$1,106.00']],
    ['de', ['Di., 1. Dez. 2026', '09:05', '13:28', '20. Nov., 10:15 (GMT+8)', '1.106,00 $']],
    ['de-CH', ['Di., 1. Dez. 2026', '09:05', '13:28', "$ 1'106.00"]],
  ])('%s writes dates, times and amounts so', async (locale, shown) => {
    const text = await heldIn(locale);
    for (const each of shown) expect(text).toContain(each);
  });
});

test('an order older than the profile gets the texts and contact of its language', async () => {
  const order = sampleOrder('held', { locale: 'en' });
  const carrier = {
    ...sampleCarrier,
    name: { 'zh-CN': '客运铁路', 'en-US': 'Keyun Pacific' },
    locales: ['zh-CN', 'en-US'],
    contact: { 'en-US': { phone: '+1 213 555 0100' } },
    texts: { 'en-US': { payBy: 'Pay no later than' } },
  };
  const { text } = await composeMail({ event: 'order-held', order, tickets: [], carrier }, drawCode);
  for (const each of ['Keyun Pacific', '+1 213 555 0100', 'Pay no later than']) expect(text).toContain(each);
});

test('a class of the carrier’s own keeps its own name', async () => {
  const order = sampleOrder('held', { locale: 'en' });
  const items = Object.fromEntries(
    Object.entries(order.items).map(([itemId, item]) => [itemId, { ...item, class: 'quiet' as never }]),
  );
  expect((await mailFor('order-held', { ...order, items })).text).toContain('quiet');
});
