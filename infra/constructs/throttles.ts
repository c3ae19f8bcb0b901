import type { CfnRoute, CfnStage, HttpRoute, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';

/** Requests a second in the long run, and how many may come at once. */
export type Throttle = { rateLimit: number; burstLimit: number };

/**
 * The throttles for an account whose gateways take so many requests a second. A burst is half of the rate, as in AWS's own
 * quotas; neither may exceed them. One route takes 40 % at most, so that a flood of searches leaves room. Each payment provider
 * has 10 % to itself.
 */
export const throttlesFor = (gatewayRate: number): { route: Throttle; callback: Throttle } => ({
  route: { rateLimit: gatewayRate * 0.4, burstLimit: Math.floor(gatewayRate * 0.2) },
  callback: { rateLimit: gatewayRate * 0.1, burstLimit: Math.floor(gatewayRate * 0.05) },
});

/**
 * Gives a route a throttle of its own. Its settings replace all default settings of the stage, so they repeat the others. API
 * Gateway refuses settings of a route that does not exist, so the stage waits for the route.
 */
export const throttleApart = (stage: HttpStage, route: HttpRoute, throttle: Throttle): void => {
  const deployed = stage.node.defaultChild as CfnStage;
  const { routeKey } = route.node.defaultChild as CfnRoute;
  const { detailedMetricsEnabled } = deployed.defaultRouteSettings as CfnStage.RouteSettingsProperty;
  // CDK passes this property on as it is, so the names are CloudFormation's.
  deployed.routeSettings = {
    ...(deployed.routeSettings as object | undefined),
    [routeKey]: {
      ThrottlingRateLimit: throttle.rateLimit,
      ThrottlingBurstLimit: throttle.burstLimit,
      DetailedMetricsEnabled: detailedMetricsEnabled ?? false,
    },
  };
  deployed.addDependency(route.node.defaultChild as CfnRoute);
};
