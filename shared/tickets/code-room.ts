import type { RunId, StopId } from '../platform/ids.ts';
import { orderIdSchema, ticketIdOf, itemIdSchema, classSchema } from '../platform/ids.ts';
import { signCode } from './code.ts';
import { codeLengthMax } from './code-length.ts';

/**
 * The longest possible content of a ticket's code besides the run and the stops. All keys make signatures of one
 * length.
 */
const longest = {
  ticketId: ticketIdOf(orderIdSchema.parse('7ZZZZZZZZZZZZZZZZZZZZZZZZZ'), itemIdSchema.parse('9')),
  coach: '車'.repeat(8),
  seat: '席'.repeat(8),
  class: classSchema.parse('c'.repeat(32)),
  initials: '😀😀😀',
  documentTail: '車'.repeat(4),
  validFrom: 2 ** 32 - 1,
  validUntil: 2 ** 32 - 1,
  carrierId: 'c'.repeat(64),
};
const anyKey = Buffer.alloc(32, 1);

/** Whether we can draw the code of every ticket for a run between two stops; uses the code that signs tickets. */
export const codeFits = (runId: RunId, from: StopId, to: StopId): boolean =>
  signCode(anyKey, { ...longest, runId, from, to }).length <= codeLengthMax;
