import type { RunId, StopId } from '../platform/ids.ts';
import { orderIdSchema, ticketIdOf, itemIdSchema, classSchema } from '../platform/ids.ts';
import { signCode } from './code.ts';
import { codeLengthMax } from './draw-code.ts';

/** The longest of everything that a ticket's code says besides the run and the stops. Any key signs as long. */
const longest = {
  ticketId: ticketIdOf(orderIdSchema.parse('7ZZZZZZZZZZZZZZZZZZZZZZZZZ'), itemIdSchema.parse('9')),
  coach: '車'.repeat(8),
  seat: '席'.repeat(8),
  class: classSchema.parse('c'.repeat(32)),
  initials: '😀😀😀',
  documentTail: '車'.repeat(4),
  validFrom: 2 ** 32,
  validUntil: 2 ** 32,
};
const anyKey = Buffer.alloc(32, 1);

/** Whether the code of every ticket for a run between two stops can be drawn, by the code that signs it. */
export const codeFits = (runId: RunId, from: StopId, to: StopId): boolean =>
  signCode(anyKey, { ...longest, runId, from, to }).length <= codeLengthMax;
