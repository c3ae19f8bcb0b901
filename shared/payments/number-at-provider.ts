import * as z from 'zod';

/**
 * A provider's own number of a payment or a notification: printable ASCII, as all of them write it. It becomes part of a key,
 * which has a limit (source: DynamoDB's "Quotas", 2048 bytes), so nothing longer or stranger passes.
 */
export const numberAtProviderSchema = z.string().regex(/^[\x21-\x7e]{1,255}$/);
