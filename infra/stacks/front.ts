import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
  type BehaviorOptions,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Construct } from 'constructs';
import { frontHeader } from '../../functions/routes.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import type { ApiRoute } from '../constructs/booking-api.ts';
import { corsHeaders } from '../constructs/cross-origin.ts';
import type { Front } from '../constructs/deployment.ts';

/** The part of an entry of `functions/routes.ts` that the distribution needs. */
export type KeptRoute = ApiRoute & { success: { kept?: { sharedSeconds: number } } };

export type FrontStackProps = StackProps & {
  front: Front;
  /** The host of the API. */
  apiHost: string;
  /** What proves to the functions that a request came through here. */
  frontKey: string;
  allowedOrigins: readonly string[];
  routes: readonly KeptRoute[];
};

/**
 * Errors that CloudFront would otherwise keep for ten seconds, by their address alone: one passenger's 404 would be the answer
 * to another.
 */
const neverKept = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** `/v1/runs/{runId}` → `/v1/runs/*` */
const patternOf = ({ path }: ApiRoute): string => path.replaceAll(/\{[^}]+\}/g, '*');

/** One domain for pages and API: TLS, HTTP/2 and 3, compression, and a cache for what everybody may see. */
export class FrontStack extends Stack {
  constructor(scope: Construct, id: string, props: FrontStackProps) {
    super(scope, id, props);
    const { front, apiHost, frontKey, allowedOrigins, routes } = props;
    const origin = new HttpOrigin(apiHost, {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      // Longer than the gateway's own limit, so that its answer comes through.
      readTimeout: Duration.seconds(35),
      customHeaders: { [frontHeader]: frontKey },
    });
    const everything: BehaviorOptions = {
      origin,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // The gateway knows itself by its own host alone. This is the one way to hand `Authorization` over without a cache.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: this.#headers(allowedOrigins),
      compress: true,
    };
    const kept: BehaviorOptions = { ...everything, cachePolicy: this.#cache(allowedOrigins) };
    const patterns = routes.filter(({ success }) => success.kept?.sharedSeconds).map(patternOf);
    const distribution = new Distribution(this, 'Distribution', {
      comment: id,
      domainNames: [front.domain],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', front.certificateArn),
      webAclId: front.webAclArn,
      httpVersion: HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      defaultBehavior: everything,
      additionalBehaviors: Object.fromEntries(patterns.map((pattern) => [pattern, kept])),
      errorResponses: neverKept.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    });
    acknowledge(distribution, {
      'AwsSolutions-CFR1': 'Passengers buy tickets from wherever they are.',
      'AwsSolutions-CFR3':
        'The gateway logs each request without addresses and queries, which would tell who searches for which journey.',
    });
    new CfnOutput(this, 'DistributionDomain', { value: distribution.distributionDomainName });
  }

  /**
   * The functions say how long an answer may be kept; without a word it is not. Neither tokens nor cookies are part of the
   * key, so a route for signed-in callers must never be here.
   */
  #cache(allowedOrigins: readonly string[]): CachePolicy {
    return new CachePolicy(this, 'Cache', {
      comment: 'Answers that are the same for everybody',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.days(1),
      headerBehavior: CacheHeaderBehavior.allowList(
        'Accept-Language',
        ...(allowedOrigins.length > 0 ? ['Origin'] : []),
      ),
      queryStringBehavior: CacheQueryStringBehavior.all(),
      cookieBehavior: CacheCookieBehavior.none(),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    });
  }

  /** Headers of every answer, also of those that the gateway and the firewall give themselves. */
  #headers(allowedOrigins: readonly string[]): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      comment: 'Answers that protect themselves',
      securityHeadersBehavior: {
        // A page says itself what it needs.
        contentSecurityPolicy: {
          contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
          override: false,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: false },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
      },
      ...corsHeaders(allowedOrigins),
    });
  }
}
