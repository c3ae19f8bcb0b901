import * as z from 'zod';
import { orderIdSchema } from '../platform/ids.ts';
import { instantOf, type Instant } from '../platform/time.ts';
import { newsEventSchema, type Fate, type MessageReport } from './model.ts';
import { eventTag, newsTag } from './ses-tags.ts';

/** SES writes the words of codes together, without blanks: `OnAccountSuppressionList`. Any other text is not a code. */
const codeSchema = z
  .string()
  .regex(/^[A-Za-z-]{1,60}$/)
  .optional()
  .catch(undefined);

/** An enhanced status code (RFC 3463), without the text behind it, which may quote the address. */
const statusSchema = z
  .string()
  .regex(/^\d\.\d{1,3}\.\d{1,3}$/)
  .optional()
  .catch(undefined);

/** SES writes times with and without parts of a second. */
const timeSchema = z.iso.datetime({ offset: true }).transform((text) => instantOf(Date.parse(text)));
/** The event itself has a time, too. */
const ownTimeSchema = timeSchema.optional().catch(undefined);

const bounceSchema = z.object({
  bounceType: codeSchema,
  bounceSubType: codeSchema,
  bouncedRecipients: z.array(z.object({ action: codeSchema, status: statusSchema })).default([]),
  timestamp: ownTimeSchema,
});

/** A tag may have several values; ours have one. */
const tagSchema = <Value extends z.ZodType>(value: Value) =>
  z.preprocess((values) => (Array.isArray(values) ? (values[0] as unknown) : values), value);

/** The id of an event begins with the id of its order: `01…-3`. */
const eventIdSchema = z.string().regex(/^[0-9A-Z]{26}-[\w-]{1,100}$/);

/**
 * What SES publishes to EventBridge about a mail (source: SES developer guide, "Contents of event data"), as far as we
 * read it: never an address, a header or a subject, all of which it has, too.
 */
const detailSchema = z.object({
  mail: z.object({
    tags: z.object({ [eventTag]: tagSchema(eventIdSchema), [newsTag]: tagSchema(newsEventSchema) }),
  }),
  bounce: bounceSchema.optional(),
  complaint: z
    .object({
      complaintFeedbackType: codeSchema,
      complaintSubType: codeSchema,
      timestamp: ownTimeSchema,
    })
    .optional(),
  deliveryDelay: z.object({ delayType: codeSchema, timestamp: ownTimeSchema }).optional(),
});
type Detail = z.output<typeof detailSchema>;

/** The kinds of events that we ask EventBridge for. */
export const sesDetailTypes = [
  'Email Bounced',
  'Email Complaint Received',
  'Email Rejected',
  'Email Rendering Failed',
  'Email Delivery Delayed',
] as const;

/** The event as EventBridge passes it on. */
export const sesEventSchema = z.object({
  'detail-type': z.enum(sesDetailTypes),
  time: timeSchema,
  detail: detailSchema,
});

/**
 * The temporary failures after which SES does not try again, and that no absent reader's answer looks like. Any other is final
 * if the mail server's own report (RFC 3464) says `failed`: after fourteen hours without a connection, say. An absent reader's
 * answer has no such report.
 */
const givenUp: ReadonlySet<string> = new Set([
  'MailboxFull',
  'MessageTooLarge',
  'ContentRejected',
  'AttachmentRejected',
]);

const join = (...codes: (string | undefined)[]): string => codes.filter(Boolean).join(', ') || 'no reason';

type Known = { became: Fate['became']; why: string; at?: Instant | undefined };

const ofBounce = ({
  bounceType,
  bounceSubType,
  bouncedRecipients,
  timestamp,
}: z.output<typeof bounceSchema>): Known => {
  const isFinal =
    bounceType === 'Permanent' ||
    givenUp.has(bounceSubType ?? '') ||
    bouncedRecipients.some(({ action }) => action === 'failed');
  const why = `bounced: ${join(bounceType, bounceSubType, bouncedRecipients[0]?.status)}`;
  return { became: isFinal ? 'undelivered' : 'unclear', why, at: timestamp };
};

const knownOf = (type: (typeof sesDetailTypes)[number], detail: Detail): Known => {
  const { bounce, complaint, deliveryDelay } = detail;
  switch (type) {
    case 'Email Bounced':
      return ofBounce(bounce ?? { bouncedRecipients: [] });
    case 'Email Complaint Received':
      // SES did not send to an address that has complained before.
      return complaint?.complaintSubType === 'OnAccountSuppressionList'
        ? {
            became: 'undelivered',
            why: 'complained before: OnAccountSuppressionList',
            at: complaint.timestamp,
          }
        : {
            became: 'complained',
            why: `complained: ${join(complaint?.complaintFeedbackType)}`,
            at: complaint?.timestamp,
          };
    case 'Email Rejected':
      return { became: 'undelivered', why: 'rejected: SES takes it for a virus' };
    case 'Email Rendering Failed':
      return { became: 'undelivered', why: 'not rendered' };
    case 'Email Delivery Delayed':
      return {
        became: 'delayed',
        why: `delayed: ${join(deliveryDelay?.delayType)}`,
        at: deliveryDelay?.timestamp,
      };
  }
};

/** What an event of SES says about one of our messages. */
export const reportOf = (event: z.output<typeof sesEventSchema>): MessageReport => {
  const { [eventTag]: eventId, [newsTag]: news } = event.detail.mail.tags;
  const { at, ...known } = knownOf(event['detail-type'], event.detail);
  return {
    orderId: orderIdSchema.parse(eventId.slice(0, 26)),
    eventId,
    event: news,
    channel: 'email',
    fate: { ...known, at: at ?? event.time },
  };
};
