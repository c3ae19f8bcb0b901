import { cognitoAddresses } from '../../shared/notifications/cognito-addresses.ts';
import { noConfirmedAddress } from '../../shared/notifications/confirmed-address.ts';
import { sesMail } from '../../shared/notifications/ses-mail.ts';
import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { environment, required } from '../../shared/platform/config.ts';
import { publishedEventSchema } from '../../shared/platform/events.ts';
import { logger } from '../../shared/platform/log.ts';
import { tellPassenger } from '../../shared/selling/tell-passenger.ts';
import { queueHandler } from '../middleware/queue-handler.ts';

/** Where another issuer than Cognito signs users in, nobody can be asked. */
const confirmedAddresses = () => {
  const { USER_POOL_ID: userPoolId } = environment();
  return userPoolId === undefined ? noConfirmedAddress : cognitoAddresses({ userPoolId });
};

const clock = systemClock();

const prepare = () =>
  tellPassenger({
    bookings: bookingsTable(),
    mail: sesMail({
      from: required('MAIL_FROM'),
      configurationSet: required('MAIL_CONFIGURATION_SET'),
      clock,
    }),
    confirmedAddressOf: confirmedAddresses(),
    clock,
    carrier: carrier(),
  });

let tell: ReturnType<typeof prepare> | undefined;

/** Sends a mail to the passenger about what happened to an order. */
export const handler = queueHandler(publishedEventSchema, async (event) => {
  tell ??= prepare();
  const outcome = await tell(event);
  logger.info('an e-mail to a passenger', { orderId: event.orderId, event: event.event, outcome });
});
