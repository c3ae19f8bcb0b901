import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { flag, number } from '../template/template-shapes.ts';
import type { HttpAnswer } from './http-event.ts';

/** The part of an HTTP API that lets pages of other origins call it: exact origins, and no credentials of the browser. */
export const corsSchema = z.object({
  AllowOrigins: z.array(z.url()),
  AllowMethods: z.array(z.string()).default([]),
  AllowHeaders: z.array(z.string()).default([]),
  ExposeHeaders: z.array(z.string()).default([]),
  MaxAge: number.optional(),
  AllowCredentials: flag.default(false),
});
export type CorsSettings = z.output<typeof corsSchema>;

type Asked = Pick<IncomingMessage, 'method' | 'headers'>;

/** A browser asks before a request that the page's own origin alone could otherwise send. */
const isPreflight = ({ method, headers }: Asked): boolean =>
  method === 'OPTIONS' &&
  headers['origin'] !== undefined &&
  headers['access-control-request-method'] !== undefined;

const isAllowed = ({ AllowOrigins }: CorsSettings, { headers }: Asked): boolean =>
  AllowOrigins.includes(String(headers['origin']));

const originHeaders = (settings: CorsSettings, asked: Asked): Record<string, string> => ({
  'access-control-allow-origin': String(asked.headers['origin']),
  ...(settings.AllowCredentials && { 'access-control-allow-credentials': 'true' }),
});

/**
 * The gateway's own answer to a preflight request, before any route or authorizer; undefined for any other request, and for
 * an API without the setting. An origin that is not on the list gets no header, which its browser takes as a no.
 */
export const preflightAnswer = (settings: CorsSettings | undefined, asked: Asked): HttpAnswer | undefined => {
  if (!settings || !isPreflight(asked)) return undefined;
  const answer = { status: 204, body: Buffer.alloc(0) };
  if (!isAllowed(settings, asked)) return { ...answer, headers: { vary: 'origin' } };
  return {
    ...answer,
    headers: {
      vary: 'origin',
      ...originHeaders(settings, asked),
      'access-control-allow-methods': settings.AllowMethods.join(','),
      'access-control-allow-headers': settings.AllowHeaders.join(','),
      ...(settings.MaxAge !== undefined && { 'access-control-max-age': String(settings.MaxAge) }),
    },
  };
};

/** What the gateway adds to the answer of a function; it replaces headers of this kind that the function sent. */
export const withCors = (
  settings: CorsSettings | undefined,
  asked: Asked,
  answer: HttpAnswer,
): HttpAnswer => {
  if (!settings) return answer;
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  const headers: HttpAnswer['headers'] = {
    ...Object.fromEntries(own),
    vary: varyWithOrigin(answer.headers['vary']),
  };
  if (asked.headers['origin'] === undefined || !isAllowed(settings, asked)) return { ...answer, headers };
  const exposed = settings.ExposeHeaders.join(',');
  return {
    ...answer,
    headers: {
      ...headers,
      ...originHeaders(settings, asked),
      ...(exposed !== '' && { 'access-control-expose-headers': exposed }),
    },
  };
};

const varyWithOrigin = (vary: string | string[] | undefined): string => {
  const names = [vary ?? []].flat().join(', ');
  if (/(?:^|,)\s*origin\s*(?:,|$)/i.test(names)) return names;
  return names === '' ? 'origin' : `${names}, origin`;
};
