import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ProviderName } from '../../shared/payments/model.ts';
import type {
  NotificationAnswer,
  NotificationRequest,
  PaymentProvider,
  VerifiedNotification,
} from '../../shared/payments/provider.ts';
import { paymentIdSchema } from '../../shared/platform/ids.ts';
import { notificationAnswer } from '../../shared/platform/limits.ts';
import { loggable, logger } from '../../shared/platform/log.ts';
import { writeMetrics } from '../../shared/platform/metrics.ts';
import { within } from '../../shared/platform/time-limit.ts';
import type { Clock, Instant } from '../../shared/platform/time.ts';
import type { RecordedNotification } from '../../shared/paying/record-notification.ts';
import { commonHeaders } from './problem-answer.ts';
import { cameThroughFront } from './through-front.ts';

export type NotificationParts = {
  provider: ProviderName;
  /** The provider with the keys that we have; `doubted` asks for younger ones. */
  find: (keys: { doubted: boolean }) => Promise<PaymentProvider | undefined>;
  record: (notification: VerifiedNotification) => Promise<RecordedNotification>;
  clock: Clock;
};

/**
 * Handles a provider's notifications: it verifies the raw bytes, records the notification, and sends the answer that the
 * provider expects. It answers "received" only after the notification is stored, so if anything fails earlier, the
 * provider repeats it. The log has the name of the failed check and no content, at level info: anybody can post here.
 */
export const notificationHandler =
  ({ provider: name, find, record, clock }: NotificationParts) =>
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const answerOf = ({ statusCode, contentType, body }: NotificationAnswer) => ({
      statusCode,
      headers: { ...commonHeaders(event.requestContext?.requestId ?? 'none'), 'content-type': contentType },
      body,
    });
    if (!cameThroughFront(event))
      return answerOf({ statusCode: 403, contentType: 'text/plain', body: 'fail' });

    const receive = async (): Promise<NotificationAnswer> => {
      const { provider, reading } = await readWith(find, {
        headers: event.headers,
        body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
        receivedAt: clock(),
      });
      if (!provider || !reading) {
        logger.info('notification refused', { provider: name, why: 'switched-off' });
        return notUnderstood;
      }
      const { received, refused } = provider.answers;
      countVerified(name, reading.outcome === 'accepted', clock());
      if (reading.outcome === 'rejected') {
        logger.info('notification refused', { provider: name, why: reading.reason });
        return refused;
      }
      const recorded = await record(reading.notification);
      const { says } = reading.notification;
      // Somebody else's number may be anything, even a name: the log has ours alone.
      const { data: paymentNumber } = paymentIdSchema.safeParse(reading.notification.paymentNumber);
      if (recorded.outcome === 'accepted') {
        const { now } = recorded;
        logger.info('notification received', { provider: name, paymentNumber, says: says.kind, now });
        return received;
      }
      // The provider signed it, but we cannot book it: a person should look at it some day.
      logger.warn('notification refused', { provider: name, paymentNumber, why: recorded.reason });
      return refused;
    };

    try {
      // A write after the time limit may still succeed: recording twice is harmless.
      return answerOf(await within(notificationAnswer, receive));
    } catch (thrown) {
      logger.error('notification failed', { provider: name, thrown: loggable(thrown) });
      return answerOf({ statusCode: 503, contentType: 'text/plain', body: 'fail' });
    }
  };

/**
 * The share that verifies is for people to look at, and no alarm: anybody can post here what does not. Genuine ones that fail
 * show as money found by asking (`recordCapture`), which nobody can feign; infra/alarms/providers.ts compares the two.
 */
const countVerified = (provider: ProviderName, isVerified: boolean, now: Instant): void =>
  writeMetrics(
    'a notification of a provider',
    { NotificationVerified: { value: Number(isVerified), unit: 'Count' } },
    now,
    { provider },
  );

/** The keys may have changed since this process read them: what does not verify is verified by younger ones, if there are any. */
const readWith = async (find: NotificationParts['find'], request: NotificationRequest) => {
  const provider = await find({ doubted: false });
  const reading = await provider?.readNotification(request);
  if (reading?.outcome === 'accepted') return { provider, reading };
  const again = await find({ doubted: true });
  return { provider: again, reading: await again?.readNotification(request) };
};

const notUnderstood: NotificationAnswer = { statusCode: 404, contentType: 'text/plain', body: 'fail' };
