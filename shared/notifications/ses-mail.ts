import { BadRequestException, MessageRejected, SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import * as z from 'zod';
import { awsClient, mailLimits } from '../platform/aws-client.ts';
import type { Mail, MailAttachment, MailPort } from './mail-port.ts';

/** One address and nothing else: no list, no display name, no line end that would begin a header of its own. */
const addressSchema = z.email().max(254);

/** A subject is one line: whatever could end it becomes a blank. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200);

const utf8 = (text: string) => ({ Data: text, Charset: 'UTF-8' });

const attached = ({ fileName, contentType, content, contentId }: MailAttachment) => ({
  FileName: fileName,
  ContentType: contentType,
  RawContent: content,
  ContentTransferEncoding: 'BASE64' as const,
  ...(contentId
    ? { ContentDisposition: 'INLINE' as const, ContentId: contentId }
    : { ContentDisposition: 'ATTACHMENT' as const }),
});

const commandFor = (from: string, to: string, mail: Mail): SendEmailCommand =>
  new SendEmailCommand({
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: utf8(oneLine(mail.subject)),
        Body: { Html: utf8(mail.html), Text: utf8(mail.text) },
        Attachments: mail.attachments.map(attached),
      },
    },
  });

/** Mail by Amazon SES. It builds the MIME text itself, so that no header is ever put together by us. */
export const sesMail = ({
  from,
  client = awsClient(SESv2Client, mailLimits),
}: {
  from: string;
  client?: SESv2Client;
}): MailPort => ({
  async send(mail) {
    const to = addressSchema.safeParse(mail.to);
    if (!to.success) return { outcome: 'refused', why: 'not an address' };
    try {
      await client.send(commandFor(from, to.data, mail));
      return { outcome: 'sent' };
    } catch (error) {
      // Everything else (throttled, paused, an identity not verified yet) is a state of the service, not of the mail.
      const final = error instanceof MessageRejected || error instanceof BadRequestException;
      if (!final) throw error;
      return { outcome: 'refused', why: error.name };
    }
  },
});
