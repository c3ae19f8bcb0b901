import type { NewsRef } from './model.ts';

/** The tags by which SES names a message in its reports; the id of an event begins with that of its order. */
export const eventTag = 'keyun-event';
export const newsTag = 'keyun-news';

/** SES takes ASCII letters, digits, `_` and `-`, and event ids have no others. Nothing personal: others may read tags. */
export const tagsOf = ({ eventId, event }: NewsRef): { Name: string; Value: string }[] => [
  { Name: eventTag, Value: eventId },
  { Name: newsTag, Value: event },
];
