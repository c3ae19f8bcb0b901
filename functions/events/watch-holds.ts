import { logger } from '../../shared/platform/log.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { watchHolds } from '../../shared/upkeep/watch-holds.ts';
import { streamHandler } from '../middleware/stream-handler.ts';

const clock = systemClock();

/** Looks whether an order names what was taken; what none names yet is judged later. */
export const handler = streamHandler(async (records, time) => {
  const watched = await watchHolds({ bookings: bookingsTable(), clock })(records, time);
  const { looked, suspected, failed } = watched;
  if (suspected > 0) logger.info('pieces were taken that no order names yet', { looked, suspected });
  return failed;
});
