import type { UserId } from '../platform/ids.ts';

/**
 * The product's interface to whoever signs users in: the user's address if they have confirmed it there. An access token
 * does not contain it. Throws if another attempt may succeed.
 */
export type FindConfirmedAddress = (userId: UserId) => Promise<string | undefined>;

/** For a deployment that cannot ask: it mails only addresses that a token has confirmed, or whose owner has paid. */
export const noConfirmedAddress: FindConfirmedAddress = () => Promise.resolve(undefined);
