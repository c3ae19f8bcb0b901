import * as z from 'zod';

const isLocal = (hostname: string): boolean => /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);

/** Whether a text is an origin exactly as a browser sends it: the scheme and the host in lower case, no path and no `*`. */
const isOrigin = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.origin !== text || text.includes('*')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url.hostname));
};

const listOf = (said: unknown): unknown =>
  typeof said === 'string'
    ? said
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '')
    : said;

/** The pages of other origins that may call the API: a list in cdk.json, or separated by commas on the command line. */
export const allowedOriginsSchema = z
  .preprocess(
    listOf,
    z.array(z.string()).check(({ value, issues }) => {
      for (const origin of value.filter((each) => !isOrigin(each)))
        issues.push({
          code: 'custom',
          input: value,
          message: `"${origin}" is not an origin: write the scheme and the host alone, such as https://tickets.example`,
        });
    }),
  )
  .optional();
