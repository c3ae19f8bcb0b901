import { publish } from '../../shared/platform/publish.ts';
import { eventsOf } from '../../shared/purchase/events-of.ts';
import { streamHandler } from '../middleware/stream-handler.ts';

/** Publishes what was committed. A batch that fails comes again whole: subscribers bear the same event twice. */
export const handler = streamHandler(async (records) => {
  await publish(
    records.flatMap(({ keys, newImage, oldImage }) => eventsOf(String(keys['sk']), { newImage, oldImage })),
  );
});
