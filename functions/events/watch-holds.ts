import { logger } from '../../shared/platform/log.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { watchHolds } from '../../shared/upkeep/watch-holds.ts';
import { streamHandler } from '../middleware/stream-handler.ts';

const clock = systemClock();

/** Checks that an order names each seat that was taken. The clean-up decides later about a seat that none names yet. */
export const handler = streamHandler(async (records, time) => {
  const watched = await watchHolds({ bookings: bookingsTable(), clock })(records, time);
  const { checked, suspected, failed } = watched;
  if (suspected > 0) logger.info('no order names some pieces of seats yet', { checked, suspected });
  return failed;
});
