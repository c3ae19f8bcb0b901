import { eachInTime } from '../../shared/platform/each-in-time.ts';
import { publish, publishedAtOnce } from '../../shared/platform/publish.ts';
import { eventsOf } from '../../shared/selling/events-of.ts';
import { streamHandler } from '../middleware/stream-handler.ts';
import { subscribersOf } from '../subscriptions.ts';

/**
 * Publishes the committed events that have a subscriber, in batches. An event that fails comes again with all events
 * after it, so subscribers must accept the same event twice.
 */
export const handler = streamHandler(async (records, time) => {
  const events = records.flatMap((record) =>
    eventsOf(record)
      .filter(({ event }) => subscribersOf(event).length > 0)
      .map((event) => ({ event, record })),
  );
  const batches = Array.from({ length: Math.ceil(events.length / publishedAtOnce) }, (_, n) =>
    events.slice(n * publishedAtOnce, (n + 1) * publishedAtOnce),
  );
  const failed = await eachInTime(batches, time, (batch, signal) =>
    publish(
      batch.map(({ event }) => event),
      signal,
    ),
  );
  return failed.flatMap(({ thing, why }) => thing.slice(0, 1).map(({ record }) => ({ record, why })));
});
