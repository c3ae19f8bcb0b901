import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { request as httpRequest } from 'node:http';
import { startHttpApi } from '../../../infra/local/http/http-api.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { ProviderName } from '../../../shared/payments/model.ts';
import { fakeFunction, silent } from '../local/fake-function.ts';

type Callback = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** A request as it goes over the wire; a header may stand there twice. */
export type Wire = { headers: Record<string, string | string[]>; body: string | Buffer };
export type WireAnswer = { status: number; type: string; body: string };

const pathOf = (name: ProviderName): string => `/v1/payment-callbacks/${name}`;
const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** The template of an API that has these routes alone. */
const resources = {
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { StageName: '$default' } },
  ...Object.fromEntries(
    providerNames.flatMap((name) => [
      [
        `${name}Permission`,
        {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            Action: 'lambda:InvokeFunction',
            FunctionName: arnOf(name),
            Principal: 'apigateway.amazonaws.com',
          },
        },
      ],
      [
        `${name}Integration`,
        {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: {
            IntegrationType: 'AWS_PROXY',
            IntegrationUri: arnOf(name),
            PayloadFormatVersion: '2.0',
          },
        },
      ],
      [
        `${name}Route`,
        {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: {
            RouteKey: `POST ${pathOf(name)}`,
            Target: { 'Fn::Join': ['/', ['integrations', { Ref: `${name}Integration` }]] },
          },
        },
      ],
    ]),
  ),
};

/** The emulated API Gateway in front of the providers' callback functions, which run in this process. */
export const startGateway = async (callbacks: Readonly<Record<ProviderName, Callback>>) => {
  const functions = new Map(providerNames.map((at) => [arnOf(at), fakeFunction(at, callbacks[at])]));
  const deployment = makeDeployment([{ stackName: 'Test', Resources: resources }], {
    api: '',
    issuer: '',
    sqs: '',
  });
  const api = await startHttpApi(deployment, {
    port: await freePort(),
    issuerOf: (name) => name,
    functionOf: (arn) => {
      const found = functions.get(arn);
      if (!found) throw new Error(`no function ${arn}`);
      return found;
    },
    log: silent,
  });
  const urlOf = (name: ProviderName): string => `${api.endpoint}${pathOf(name)}`;
  return {
    urlOf,
    /** Calls a function with an event that the gateway would not make. */
    call: (name: ProviderName, event: APIGatewayProxyEventV2) => callbacks[name](event),
    /** Sends a request just so, which `fetch` would tidy up. */
    send: (name: ProviderName, { headers, body }: Wire, method = 'POST'): Promise<WireAnswer> =>
      new Promise((resolve, reject) => {
        const request = httpRequest(urlOf(name), { method, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              type: String(response.headers['content-type'] ?? ''),
              body: Buffer.concat(chunks).toString(),
            }),
          );
        });
        request.on('error', reject);
        request.end(body);
      }),
    stop: api.stop,
  };
};
