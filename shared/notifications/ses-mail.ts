import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { awsClient, mailLimits } from '../platform/aws-client.ts';
import { readAddress } from '../platform/email-address.ts';
import { writeMetrics } from '../platform/metrics.ts';
import type { Clock } from '../platform/time.ts';
import type { Mail, MailAttachment, MailPort } from './mail-port.ts';
import type { NewsRef } from './model.ts';
import { refusalOf } from './ses-refusals.ts';
import { tagsOf } from './ses-tags.ts';

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

const commandFor = (
  { from, configurationSet }: Sender,
  to: string,
  mail: Mail,
  message: NewsRef,
): SendEmailCommand =>
  new SendEmailCommand({
    FromEmailAddress: from,
    ConfigurationSetName: configurationSet,
    EmailTags: tagsOf(message),
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: utf8(oneLine(mail.subject)),
        Body: { Html: utf8(mail.html), Text: utf8(mail.text) },
        Attachments: mail.attachments.map(attached),
      },
    },
  });

/** The mail may or may not have gone out. Its cause may quote an address: only `loggable` may print it. */
class MailNotSent extends Error {
  override name = 'MailNotSent';
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/**
 * Mail by Amazon SES. SES builds the MIME text, so that we never compose a header. It counts what a person must fix as
 * `MailRefusals`, which has an alarm: `ses-refusals.ts`.
 */
export const sesMail = ({
  client = awsClient(SESv2Client, mailLimits),
  clock,
  ...sender
}: Sender & { clock: Clock; client?: SESv2Client }): MailPort => ({
  async send(mail, message) {
    // One address and nothing else: no list, no display name, no line break that could start another header.
    const to = readAddress(mail.to);
    if ('fault' in to) return { outcome: 'refused', why: 'not-an-address' };
    try {
      await client.send(commandFor(sender, to.address, mail, message));
      return { outcome: 'sent' };
    } catch (cause) {
      const name = nameOf(cause);
      const { remedy, because } = refusalOf(name);
      if (remedy === 'person')
        writeMetrics('what SES refuses', { MailRefusals: { value: 1, unit: 'Count' } }, clock());
      throw new MailNotSent(`not sent, ${name}: ${because}`, { cause });
    }
  },
});
