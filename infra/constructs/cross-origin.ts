import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, type HttpApiProps } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ResponseHeadersPolicyProps } from 'aws-cdk-lib/aws-cloudfront';

/** Headers of answers that a page of another origin needs beside those that every page may read. */
const exposedHeaders = ['allow', 'date', 'etag', 'location', 'retry-after', 'x-request-id'];

/** Headers that a page of another origin may send. */
const allowedHeaders = [
  'accept-language',
  'authorization',
  'content-type',
  'idempotency-key',
  'if-none-match',
];

const methods = [CorsHttpMethod.GET, CorsHttpMethod.HEAD, CorsHttpMethod.POST, CorsHttpMethod.DELETE];

const maxAge = Duration.hours(1);

/**
 * Lets pages of exact origins call the API. They send a token in a header and no cookie, so the gateway never allows
 * credentials. The gateway answers their preflight requests itself; without origins it knows nothing of the matter.
 */
export const preflightFor = (allowOrigins: readonly string[]): Pick<HttpApiProps, 'corsPreflight'> => {
  if (allowOrigins.length === 0) return {};
  return {
    corsPreflight: {
      allowOrigins: [...allowOrigins],
      allowMethods: methods,
      allowHeaders: allowedHeaders,
      exposeHeaders: exposedHeaders,
      maxAge,
    },
  };
};

/** The same for a distribution in front, which adds it to answers that are not of a function; a function's own stay. */
export const corsHeaders = (
  allowOrigins: readonly string[],
): Pick<ResponseHeadersPolicyProps, 'corsBehavior'> => {
  if (allowOrigins.length === 0) return {};
  return {
    corsBehavior: {
      accessControlAllowOrigins: [...allowOrigins],
      accessControlAllowMethods: methods,
      accessControlAllowHeaders: allowedHeaders,
      accessControlExposeHeaders: exposedHeaders,
      accessControlAllowCredentials: false,
      accessControlMaxAge: maxAge,
      originOverride: false,
    },
  };
};
