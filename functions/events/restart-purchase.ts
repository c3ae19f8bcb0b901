import middy from '@middy/core';
import * as z from 'zod';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { logger } from '../../shared/platform/log.ts';
import { restartPurchase } from '../../shared/upkeep/restart-purchase.ts';
import { purchaseWorkflow } from '../../shared/selling/run-workflow.ts';

const clock = systemClock();

/** EventBridge's message about an execution that failed, timed out or was aborted; its input is text. */
const eventSchema = z.object({ detail: z.object({ status: z.string(), input: z.string() }) });
const inputSchema = z.object({ orderId: orderIdSchema, execution: z.int().positive() });

/** Starts the workflow of an order again when its execution died. */
export const handler = middy(async (event: unknown) => {
  const { status, input } = eventSchema.parse(event).detail;
  const { orderId, execution } = inputSchema.parse(JSON.parse(input));
  const dependencies = { bookings: bookingsTable(), workflow: purchaseWorkflow, clock };
  const outcome = await restartPurchase(dependencies)(orderId, execution);
  logger.warn('the workflow of an order died', { orderId, execution, status, outcome });
});
