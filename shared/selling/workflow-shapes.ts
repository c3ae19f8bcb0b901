import * as z from 'zod';
import { orderIdSchema } from '../platform/ids.ts';

const ofOrder = z.object({ orderId: orderIdSchema });

/** The input of an execution of the workflow `purchase`. */
export const purchaseInputSchema = ofOrder.extend({ execution: z.int().positive() });

/**
 * The input of each task of the workflow, by the names of the machine's states, and the output of those whose output another
 * state reads. Functions parse what they get with them, and the check of a deployment follows the paths of the state machine.
 */
export const workflowShapes = {
  Reserve: { input: ofOrder, output: ofOrder.extend({ secondsLeft: z.int().positive() }) },
  AwaitPayment: { input: ofOrder.extend({ taskToken: z.string().min(1) }) },
  Issue: { input: ofOrder },
  Refund: { input: ofOrder },
  ClosePayment: { input: ofOrder },
  Release: { input: ofOrder },
} as const satisfies Record<string, { input: z.ZodObject; output?: z.ZodObject }>;
