import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, type HttpApiProps } from 'aws-cdk-lib/aws-apigatewayv2';

/** Headers of answers that a page of another origin needs beside those that every page may read. */
export const exposedHeaders = ['allow', 'date', 'etag', 'location', 'retry-after', 'x-request-id'];

/** Headers that a page of another origin may send. */
export const allowedHeaders = [
  'accept-language',
  'authorization',
  'content-type',
  'idempotency-key',
  'if-none-match',
];

/**
 * Lets pages of exact origins call the API. They send a token in a header and no cookie, so the gateway never allows
 * credentials. The gateway answers their preflight requests itself; without origins it knows nothing of the matter.
 */
export const preflightFor = (allowOrigins: readonly string[]): Pick<HttpApiProps, 'corsPreflight'> => {
  if (allowOrigins.length === 0) return {};
  return {
    corsPreflight: {
      allowOrigins: [...allowOrigins],
      allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.HEAD, CorsHttpMethod.POST, CorsHttpMethod.DELETE],
      allowHeaders: allowedHeaders,
      exposeHeaders: exposedHeaders,
      maxAge: Duration.hours(1),
    },
  };
};
