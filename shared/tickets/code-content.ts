import * as z from 'zod';
import { classSchema, runIdSchema, ticketIdSchema } from '../platform/ids.ts';

/** The content that a gate reads from a ticket's code, without a network. Times are seconds since 1970. */
export const codeContentSchema = z.object({
  ticketId: ticketIdSchema,
  runId: runIdSchema,
  /** The stop ids where the passenger boards and alights. */
  from: z.string(),
  to: z.string(),
  coach: z.string(),
  seat: z.string(),
  class: classSchema,
  initials: z.string(),
  documentTail: z.string().max(4).optional(),
  validFrom: z.int(),
  validUntil: z.int(),
  /** The carrier that signed it; codes of the first releases lack it. */
  carrierId: z.string().optional(),
});
export type CodeContent = z.infer<typeof codeContentSchema>;

/** Why a text is not the code of one of our tickets. */
export type CodeRefusal =
  /** It is no code, or a part of it is missing or wrong. */
  | 'code-damaged'
  /** A later release has made it. */
  | 'code-other-version'
  | 'code-other-carrier'
  /** A key has signed it that is not among the known ones: fetch the keys again. */
  | 'code-unknown-key'
  /** It names one of our keys, and that key has not signed it. */
  | 'code-forged';
