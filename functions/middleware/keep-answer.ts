import { createHash } from 'node:crypto';
import type { Keeping } from '../routes/route.ts';

/**
 * What caches may do with an answer that is the same for everybody. `s-maxage` is for caches that many share. While we fail,
 * they say so: CloudFront would otherwise show the last seats that it knows for as long as that takes.
 */
export const cacheControl = ({ browserSeconds, sharedSeconds }: Keeping): string => {
  if (browserSeconds === 0 && sharedSeconds === 0) return 'no-cache';
  const forShared = sharedSeconds === browserSeconds ? '' : `, s-maxage=${sharedSeconds}`;
  return `public, max-age=${browserSeconds}${forShared}, stale-if-error=0`;
};

/** A tag of the bytes of an answer (RFC 9110, 8.8.3): the same bytes have the same tag in every process. */
export const entityTag = (body: string | Uint8Array): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;

/** A cache that packs an answer makes its tag weak, so we compare without that mark, as RFC 9110 says for `If-None-Match`. */
const withoutMark = (tag: string): string => tag.trim().replace(/^W\//, '');

/** Whether the client has the answer with this tag already. */
export const isKnown = (tag: string, ifNoneMatch: string | undefined): boolean =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(',').some((each) => each.trim() === '*' || withoutMark(each) === tag);
