import type { NewsRef } from './model.ts';

/** A file attached to a mail. The text shows a file with a `contentId` where `cid:<contentId>` names it. */
export type MailAttachment = {
  fileName: string;
  contentType: string;
  content: Buffer;
  contentId?: string;
};

export type Mail = {
  to: string;
  subject: string;
  html: string;
  text: string;
  attachments: readonly MailAttachment[];
};

export type SendOutcome = { outcome: 'sent' } | { outcome: 'refused'; why: string };

/**
 * The product's interface to a mail service. `refused` is final: no service will ever accept this mail. It throws if
 * another attempt may succeed, and then the mail may or may not have gone out. The service names `message` in what it
 * reports about the mail later.
 */
export type MailPort = { send(mail: Mail, message: NewsRef): Promise<SendOutcome> };
