import { Eta } from 'eta/core';
import type { Ticket } from '../tickets/model.ts';
import { seatChangeIn } from '../timetable/rules.ts';
import { calendarEntry } from './calendar-entry.ts';
import type { Mail, MailAttachment } from './mail-port.ts';
import { contentIdOf, logoContentId, mailView, type News } from './mail-view.ts';
import type { NewsEvent } from './model.ts';
import { speak } from './speak.ts';
import { mailHtml } from './templates/mail-html.ts';
import { mailText } from './templates/mail-text.ts';

const eta = new Eta({ autoEscape: true, autoTrim: false, cache: true });
eta.loadTemplate('@html', mailHtml);
eta.loadTemplate('@text', mailText);

/**
 * The colour of a mail shows at a glance whether the passenger must act, whether all is done, or whether the order is
 * over.
 */
const colours: Readonly<Record<NewsEvent, string>> = {
  'order-held': '#b45309',
  'order-issued': '#0b7a4b',
  'order-disrupted': '#b45309',
  'tickets-refunded': '#1d4ed8',
  'order-expired': '#64748b',
  'order-cancelled': '#64748b',
  'order-refunded': '#1d4ed8',
  'order-refund-granted': '#1d4ed8',
};

/** Draws the text of a ticket's code as a PNG picture. */
export type DrawCode = (code: string) => Promise<Buffer>;

const attachmentsOf = async (news: News, ticket: Ticket, drawCode: DrawCode): Promise<MailAttachment[]> => {
  if (ticket.code === undefined) return [];
  const { say, className } = speak(news.order.contact.locale, news.carrier);
  const { coach, seat, seatChange: change } = ticket;
  const placeOf = (on: Pick<Ticket, 'coach' | 'seat' | 'class'>): string =>
    say(on.seat ? 'calendarPlace' : 'calendarPlaceWithoutNumber', {
      coach: on.coach,
      seat: on.seat,
      class: className(on.class),
    });
  // The item's number on the order distinguishes tickets without a seat number.
  const fileName = `${ticket.trip}-${coach}-${seat || `no${ticket.itemId}`}`.replaceAll(
    /[^A-Za-z0-9-]+/g,
    '_',
  );
  return [
    {
      fileName: `${fileName}.png`,
      contentType: 'image/png',
      content: await drawCode(ticket.code),
      contentId: contentIdOf(ticket),
    },
    {
      fileName: `${fileName}.ics`,
      contentType: 'text/calendar; charset=utf-8',
      content: Buffer.from(
        calendarEntry({
          ticket,
          languages: [news.order.contact.locale],
          place: change
            ? say('placeThen', {
                place: placeOf(ticket),
                next: placeOf({ ...ticket, ...change }),
                stop: seatChangeIn([news.order.contact.locale], change).name,
              })
            : placeOf(ticket),
        }),
      ),
    },
  ];
};

const logoOf = ({ carrier: { logo } }: News): MailAttachment[] =>
  logo === undefined
    ? []
    : [
        {
          fileName: 'logo.png',
          contentType: 'image/png',
          content: Buffer.from(logo, 'base64'),
          contentId: logoContentId,
        },
      ];

/** Removes the extra empty lines that missing values leave. */
const withoutGaps = (text: string): string =>
  text
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();

/**
 * Composes the mail for this news, in the language of the order's contact, with the tickets' codes and calendar
 * entries.
 */
export const composeMail = async (news: News, drawCode: DrawCode): Promise<Mail> => {
  const view = mailView(news);
  const attachments = await Promise.all(news.tickets.map((ticket) => attachmentsOf(news, ticket, drawCode)));
  return {
    to: news.order.contact.email,
    subject: view.subject,
    html: eta.render('@html', { ...view, colour: colours[news.event] }),
    text: withoutGaps(eta.render('@text', view)),
    attachments: [...logoOf(news), ...attachments.flat()],
  };
};
