import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHash, timingSafeEqual } from 'node:crypto';
import { environment } from '../../shared/platform/config.ts';
import { frontHeader } from '../routes/front.ts';
import type { Check } from './draft.ts';

type Request = Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>;

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a request came through the distribution in front of the API. Without one, every request comes the right way. */
export const cameThroughFront = (
  { headers }: Pick<Request, 'headers'>,
  key: string | undefined = environment().FRONT_KEY,
): boolean => key === undefined || timingSafeEqual(hashOf(headers?.[frontHeader] ?? ''), hashOf(key));

/**
 * The network address of the client; undefined if the gateway does not tell it. Behind a distribution the gateway sees the
 * distribution's own address, and `X-Forwarded-For` ends with the client's, added by the distribution, and then the
 * distribution's, added by the gateway. Anything before these two was sent by the client, which may write what it likes.
 */
export const clientAddress = (
  { headers, requestContext }: Request,
  key: string | undefined = environment().FRONT_KEY,
): string | undefined => {
  if (key === undefined) return requestContext?.http?.sourceIp;
  return headers?.['x-forwarded-for']?.split(',').at(-2)?.trim() || undefined;
};

/** Refuses what reached the API around its front, where nothing counts requests or looks at them. */
export const refuseAroundFront: Check = ({ event }) =>
  cameThroughFront(event) ? undefined : { reason: 'internal-address' };
