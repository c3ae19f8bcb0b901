import type * as z from 'zod';

/** The place where the next page begins, opaque to the client. */
export const writeToken = (place: object): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** The place in this text; undefined if we did not make it. A forged one only begins elsewhere in the same list. */
export const readToken = <Place extends z.ZodType>(
  schema: Place,
  text: string,
): z.output<Place> | undefined => {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
};
