import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { preflightFor } from './cross-origin.ts';
import type { Deployment } from './deployment.ts';
import type { ServiceFunction } from './service-function.ts';
import { throttleApart, throttlesFor } from './throttles.ts';
import { UnknownPathsIntegration } from './unknown-paths.ts';

/** The part of an entry of `functions/routes.ts` that the gateway needs. */
export type ApiRoute = {
  method: 'GET' | 'POST' | 'DELETE';
  path: `/${string}`;
  function: string;
  caller: 'anyone' | 'passenger' | 'operators' | 'gates' | 'provider';
};

/** No addresses and no query strings: they reveal who searches for which journey. */
const accessLog = (stage: string) => ({
  stage,
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latency: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
});

export type BookingApiProps = {
  deployment: Deployment;
  /** The origins whose pages may call the API, beside its own. */
  allowedOrigins: readonly string[];
  /** The account’s quota of requests a second. */
  gatewayRate: number;
};

/** The HTTP API. The functions need its address, so the stack adds the routes later. */
export class BookingApi extends Construct {
  readonly api: HttpApi;
  readonly #stage: HttpStage;
  readonly #throttles: ReturnType<typeof throttlesFor>;
  readonly #integrations = new Map<ServiceFunction, HttpLambdaIntegration>();

  constructor(scope: Construct, id: string, { deployment, allowedOrigins, gatewayRate }: BookingApiProps) {
    super(scope, id);
    this.#throttles = throttlesFor(gatewayRate);
    this.api = new HttpApi(this, 'Api', {
      apiName: id,
      createDefaultStage: false,
      ...preflightFor(allowedOrigins),
    });
    const log = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: this.#throttles.route,
      detailedMetricsEnabled: deployment.detailedMetrics,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(accessLog(deployment.stage))),
      },
    });
    // HTTP APIs have no metric for it. No function answers 429: what a user may not do for a while is 409.
    new MetricFilter(this, 'Throttles', {
      logGroup: log,
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      metricNamespace: 'Keyun',
      metricName: 'GatewayThrottles',
      dimensions: { stage: '$.stage' },
    });
  }

  /** The address of the API, without a slash at its end. */
  get url(): string {
    return this.api.apiEndpoint;
  }

  /** Its host, which a distribution in front of it calls. */
  get host(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `${this.api.apiId}.execute-api.${region}.${urlSuffix}`;
  }

  /** A function also answers paths without a route, so that the answer is a problem. */
  answerUnknownPaths(by: ServiceFunction): void {
    const route = new HttpRoute(this, 'UnknownPaths', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new UnknownPathsIntegration(by),
    });
    this.#isOpen(route, 'There is nothing behind an unknown path.');
  }

  /**
   * `signedInBy` checks only the token. The function checks that it is an access token, and the groups of a route, so that
   * the answer is a problem.
   */
  addRoute({ method, path, caller }: ApiRoute, by: ServiceFunction, signedInBy: IHttpRouteAuthorizer): void {
    const signedIn = caller !== 'anyone' && caller !== 'provider';
    const routes = this.api.addRoutes({
      path,
      methods: method === 'GET' ? [HttpMethod.GET, HttpMethod.HEAD] : [HttpMethod[method]],
      integration: this.#integration(by),
      authorizer: signedIn ? signedInBy : new HttpNoneAuthorizer(),
    });
    if (caller === 'provider')
      for (const route of routes) throttleApart(this.#stage, route, this.#throttles.callback);
    if (signedIn) return;
    const reason =
      caller === 'provider'
        ? 'A payment provider has no account here: the signature of each notification is verified instead.'
        : 'Timetables and the API’s description are for anyone.';
    for (const route of routes) this.#isOpen(route, reason);
  }

  #isOpen(route: HttpRoute, reason: string): void {
    acknowledge(route, { 'AwsSolutions-APIG4': reason });
  }

  #integration(by: ServiceFunction): HttpLambdaIntegration {
    const known = this.#integrations.get(by);
    if (known) return known;
    const integration = new HttpLambdaIntegration(by.node.id, by.called, {
      // One permission for the API instead of one per route: a function's policy has a limited size.
      scopePermissionToRoute: false,
      timeout: Duration.seconds(by.seconds + 1),
    });
    this.#integrations.set(by, integration);
    return integration;
  }
}
