import { Duration, Stack } from 'aws-cdk-lib';
import type { HttpRouteIntegrationBindOptions } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ServiceFunction } from './service-function.ts';

/**
 * The function behind `$default`. API Gateway calls it as `<api>/<stage>/$default`, without a method. CDK’s permission for the
 * whole API, `<api>/*\/*\/*`, has one slash more and does not match that, so every unknown path would answer 500.
 */
export class UnknownPathsIntegration extends HttpLambdaIntegration {
  readonly #by: ServiceFunction;

  constructor(by: ServiceFunction) {
    super(by.node.id, by, { timeout: Duration.seconds(by.seconds + 1) });
    this.#by = by;
  }

  protected override completeBind({ scope, route }: HttpRouteIntegrationBindOptions): void {
    this.#by.addPermission('UnknownPaths', {
      scope,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(route).formatArn({
        service: 'execute-api',
        resource: route.httpApi.apiId,
        resourceName: '*/$default',
      }),
    });
  }
}
