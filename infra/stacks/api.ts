import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BookingApi, type ApiRoute } from '../constructs/booking-api.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { makeFrontKey } from '../constructs/front-key.ts';
import { functionOfRoute } from '../constructs/match-functions.ts';
import { makeSignIn } from '../constructs/make-sign-in.ts';
import { makeFunctions, type FunctionsOf } from '../constructs/make-functions.ts';
import { releaseApiGradually } from '../constructs/release-signs.ts';
import type { DataStack } from './data.ts';

export type ApiStackProps = StackProps & {
  deployment: Deployment;
  data: DataStack;
  /** Made from its name: this stack does not need the workflow itself. */
  purchaseArn: string;
  routes: readonly ApiRoute[];
  /** The folder of each function's code. */
  codes: Readonly<Record<string, string>>;
};

/** The HTTP API, and the functions that answer it. */
export class ApiStack extends Stack {
  readonly api: BookingApi;
  readonly functions: FunctionsOf<'api' | 'payment-callbacks'>;
  /** What proves that a request came through the front of the API; absent without one. */
  readonly frontKey: string | undefined;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    const { deployment, data, purchaseArn, codes } = props;
    this.api = new BookingApi(this, 'BookingApi', {
      deployment,
      allowedOrigins: deployment.allowedOrigins ?? [],
      gatewayRate: deployment.gatewayRate,
    });
    const publicUrl = deployment.publicUrl ?? this.api.url;
    this.frontKey = deployment.front && makeFrontKey(this);
    const granted = {
      deployment,
      data,
      purchaseArn,
      publicUrl,
      ...(this.frontKey && { frontKey: this.frontKey }),
    };
    this.functions = makeFunctions(this, ['api', 'payment-callbacks'], { codes, granted });

    const signedInBy = makeSignIn(this, { deployment, identity: data.identity, publicUrl });
    for (const route of props.routes) {
      this.api.addRoute(route, functionOfRoute(route, this.functions), signedInBy);
    }
    this.api.answerUnknownPaths(this.functions['api/about/not-found']);
    if (deployment.release === 'gradual') releaseApiGradually(this, this.api.api, this.functions);

    new CfnOutput(this, 'ApiUrl', { value: this.api.url });
    new CfnOutput(this, 'PublicUrl', { value: publicUrl });
    new CfnOutput(this, 'KeyunStage', { value: deployment.stage });
    new CfnOutput(this, 'KeyunCarrier', { value: deployment.carrier });
  }
}
