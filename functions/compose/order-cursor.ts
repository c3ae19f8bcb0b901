import * as z from 'zod';
import { readToken, writeToken } from './page-token.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';

/**
 * The start of the next page of a user's orders, opaque to the client. It names a place in the caller's own list, and the
 * query adds the caller: a forged cursor, or one of another user, only starts that list elsewhere.
 */
const cursorSchema = z.object({ orderId: orderIdSchema, createdAt: z.iso.datetime() });
type Cursor = z.infer<typeof cursorSchema>;

/** The cursor in this text; undefined if we did not make it. */
export const readCursor = (text: string): Cursor | undefined => readToken(cursorSchema, text);

export const writeCursor = (cursor: Cursor): string => writeToken(cursor);
