/** A file that travels with a mail. One with a `contentId` is shown in the text, where `cid:<contentId>` names it. */
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
 * What the product needs of a mail service. `refused` is for good: this mail will never be taken. Whatever may go
 * better next time is thrown, and then the mail may have been sent or not.
 */
export type MailPort = { send(mail: Mail): Promise<SendOutcome> };
