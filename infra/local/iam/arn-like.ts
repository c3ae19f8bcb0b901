import { textPattern } from './text-pattern.ts';

/** `arn:partition:service:region:account:resource`. Only the resource may contain more colons. */
const partsOf = (arn: string): string[] | undefined => {
  const parts = arn.split(':');
  return parts.length < 6 || parts[0] !== 'arn'
    ? undefined
    : [...parts.slice(1, 5), parts.slice(5).join(':')];
};

/**
 * Whether IAM's `ArnLike` (and `ArnEquals`, which does the same) accepts an ARN: each of the six parts is matched by itself, so
 * that a wildcard does not reach into the next part. `*` matches any characters, even slashes, and `?` matches one. The case of
 * letters counts. A text that is no ARN matches nothing. Source: IAM User Guide, “ARN condition operators”.
 */
export const arnLike = (pattern: string, arn: string): boolean => {
  const wanted = partsOf(pattern);
  const given = partsOf(arn);
  if (!wanted || !given) return false;
  return wanted.every((part, index) => textPattern(part).matches(given[index] ?? ''));
};
