import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { systemClock } from '../../../shared/platform/clock.ts';
import { waitlistRulesOn } from '../../../shared/waitlist/waitlist-rules-on.ts';
import { answered, apiHandler } from '../../middleware/api-handler.ts';
import { aboutRoutes } from '../../routes/about.ts';

const clock = systemClock();

/** `GET /v1/carrier`: the profile without what is the carrier's own business, such as limits against misuse. */
export const handler = apiHandler(aboutRoutes.getCarrier, async () => {
  const known = carrier();
  const waitlist = waitlistRulesOn(known, clock());
  return answered({
    carrierId: known.carrierId,
    name: known.name,
    locales: known.locales,
    defaultLocale: known.defaultLocale,
    timeZone: known.timeZone,
    currency: known.currency,
    salesOpenDays: known.salesOpenDays,
    holdSeconds: known.holdSeconds,
    holdSecondsWhenSoon: known.holdSecondsWhenSoon,
    soonSeconds: known.soonSeconds,
    saleClosesSeconds: known.saleClosesSeconds,
    ...(waitlist && { waitlist }),
    documents: known.documents,
    passengerTypes: known.passengerTypes,
    ...(known.contact && { contact: known.contact }),
    ...(known.colour && { colour: known.colour }),
  });
});
