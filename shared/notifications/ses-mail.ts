import { BadRequestException, MessageRejected, SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { awsClient, mailLimits } from '../platform/aws-client.ts';
import { readAddress } from '../platform/email-address.ts';
import type { Mail, MailAttachment, MailPort } from './mail-port.ts';

/** A subject is one line, so a space replaces any character that could end it. */
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

/** The sender, and the configuration set by which SES tells what becomes of a mail. */
type Sender = { from: string; configurationSet: string };

const commandFor = ({ from, configurationSet }: Sender, to: string, mail: Mail): SendEmailCommand =>
  new SendEmailCommand({
    FromEmailAddress: from,
    ConfigurationSetName: configurationSet,
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: utf8(oneLine(mail.subject)),
        Body: { Html: utf8(mail.html), Text: utf8(mail.text) },
        Attachments: mail.attachments.map(attached),
      },
    },
  });

/** Mail by Amazon SES. SES builds the MIME text, so that we never compose a header. */
export const sesMail = ({
  client = awsClient(SESv2Client, mailLimits),
  ...sender
}: Sender & { client?: SESv2Client }): MailPort => ({
  async send(mail) {
    // One address and nothing else: no list, no display name, no line break that could start another header.
    const to = readAddress(mail.to);
    if ('fault' in to) return { outcome: 'refused', why: 'not an address' };
    try {
      await client.send(commandFor(sender, to.address, mail));
      return { outcome: 'sent' };
    } catch (error) {
      // Any other error (throttled, paused, an identity that is not verified yet) concerns the service, not the mail.
      const final = error instanceof MessageRejected || error instanceof BadRequestException;
      if (!final) throw error;
      return { outcome: 'refused', why: error.name };
    }
  },
});
