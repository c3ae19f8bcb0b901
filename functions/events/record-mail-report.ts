import { recordReport } from '../../shared/notifications/record-report.ts';
import { reportOf, sesEventSchema } from '../../shared/notifications/ses-reports.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { stoppable } from '../../shared/platform/dynamo.ts';
import { logger } from '../../shared/platform/log.ts';
import { queueHandler } from '../middleware/queue-handler.ts';

const clock = systemClock();

/** Records what SES reports about a mail that it took: that it bounced, say. */
export const handler = queueHandler(sesEventSchema, async (event, { signal }) => {
  const report = reportOf(event);
  await recordReport({ bookings: stoppable(bookingsTable(), signal), clock })(report);
  const { orderId, event: news, fate } = report;
  logger.info('what became of an e-mail', { orderId, event: news, became: fate.became, why: fate.why });
});
