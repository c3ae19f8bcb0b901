import * as fc from 'fast-check';
import { calendarEntry } from '../../../shared/notifications/calendar-entry.ts';
import { composeMail } from '../../../shared/notifications/compose-mail.ts';
import { shownName } from '../../../shared/notifications/shown-name.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';

test.each([
  ['张三', '张三'],
  ['Anna Schmidt', 'Anna Schmidt'],
  ["Seán O'Brien-Łuczak", "Seán O'Brien-Łuczak"],
  ['买买提·艾力', '买买提·艾力'],
  ['J.R.R. Tolkien', 'J. R. R. Tolkien'],
  ['Mohammed bin Zayed (Jr.)', 'Mohammed bin Zayed (Jr.)'],
])('%s is shown as %s', (name, shown) => {
  expect(shownName(name)).toBe(shown);
});

const traps = [
  'Go to evil.example now',
  'https://evil.example/pay?order=1',
  'evil．example',
  'evil。example',
  'evil｡example',
  'pay@evil.example',
  'call +86 900 1234567',
  '９００１２３４',
  'alipays://x',
  'www.evil.example',
  '<a href="//evil.example">Pay</a>',
  'evil\u00ad.example',
  '1.2.3.4',
];

/** What mail readers make links of, and more: a dot before a letter, a scheme, an at, many digits. */
const linked = /[.．。｡][^\s)]|:\/\/|\/\/|@|\d{3}/u;

test.each(traps)('%s has nothing left that could be followed', (name) => {
  expect(shownName(name)).not.toMatch(linked);
});

test('whatever is typed, nothing of it can be followed', () => {
  const character = fc.constantFrom(..."aé张.．。:/@?=&%#0９ \u200b\u2060\u00ad-·()'<>");
  fc.assert(
    fc.property(fc.string({ unit: character, minLength: 1, maxLength: 60 }), (name) => {
      expect(shownName(name)).not.toMatch(linked);
      expect(shownName(name)).not.toBe('');
    }),
  );
});

test.each(traps)('%s stands as typed in no part of a mail or a calendar entry', async (name) => {
  const order = sampleOrder('issued', { passengers: [{ name }] });
  const tickets = sampleTickets(order);
  const news = { event: 'order-issued', order, tickets, carrier: sampleCarrier } as const;
  const mail = await composeMail(news, () => Promise.resolve(Buffer.from('')));
  const calendar = tickets.map((ticket) => calendarEntry({ ticket, languages: [], place: '' })).join('\n');
  for (const text of [mail.subject, mail.html, mail.text, calendar.replaceAll('\r\n ', '')]) {
    expect(text).not.toContain(name);
    expect(text).not.toContain('evil.example');
  }
  expect(mail.subject).not.toContain('evil');
});
