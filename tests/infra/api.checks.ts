import { routes } from '../../functions/routes.ts';
import { functionNamed, joined, ofType, assembly, type Template, functionBehind } from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = assembly());
}, 120_000);

const deployed = () =>
  Object.fromEntries(
    ofType(whole, 'AWS::ApiGatewayV2::Route').map(([, { Properties: properties }]) => {
      const integration = joined(properties['Target']).replace(/^integrations\/\$\{(\w+)\}$/, '$1');
      const uri = whole.Resources[integration]?.Properties['IntegrationUri'];
      return [
        String(properties['RouteKey']),
        {
          authorization: properties['AuthorizationType'],
          function: whole.Resources[functionBehind(whole, uri)]?.Properties['Description'],
        },
      ];
    }),
  );

test('every route of the table is deployed, and no other', () => {
  const expected = Object.values(routes).flatMap(({ method, path }) =>
    (method === 'GET' ? ['GET', 'HEAD'] : [method]).map((one) => `${one} ${path}`),
  );
  expect(Object.keys(deployed()).sort()).toEqual([...expected, '$default'].sort());
});

test('a route is behind the authorizer exactly when its caller has to be signed in', () => {
  const found = deployed();
  for (const { method, path, caller, function: entry } of Object.values(routes)) {
    const open = caller === 'anyone' || caller === 'provider';
    const expected = { path, authorization: open ? 'NONE' : 'JWT', function: entry };
    expect({ path, ...found[`${method} ${path}`] }).toEqual(expected);
    if (method === 'GET') expect({ path, ...found[`HEAD ${path}`] }).toEqual(expected);
  }
});

test('unknown paths are answered by a function of ours', () => {
  expect(deployed()['$default']).toEqual({ authorization: 'NONE', function: 'api/about/not-found' });
});

test('tokens are those of our own users, for our own client', () => {
  const [[, authorizer] = []] = ofType(whole, 'AWS::ApiGatewayV2::Authorizer');
  const { Audience: audience, Issuer: issuer } = authorizer?.Properties['JwtConfiguration'] as Record<
    string,
    never
  >;
  const [[pool] = []] = ofType(whole, 'AWS::Cognito::UserPool');
  const [[client] = []] = ofType(whole, 'AWS::Cognito::UserPoolClient');
  expect(joined(issuer)).toBe(`https://cognito-idp.\${AWS::Region}.amazonaws.com/\${${pool}}`);
  expect(audience).toEqual([{ Ref: client }]);
});

test('the stage is throttled and logs who asked for what only in so far as it names the route', () => {
  const [[, stage] = []] = ofType(whole, 'AWS::ApiGatewayV2::Stage');
  expect(stage?.Properties['DefaultRouteSettings']).toMatchObject({
    ThrottlingRateLimit: 1000,
    ThrottlingBurstLimit: 500,
  });
  const { Format: format } = stage?.Properties['AccessLogSettings'] as { Format: string };
  expect(format).toContain('$context.routeKey');
  expect(format).not.toMatch(/sourceIp|\$context\.path|authorizer\.claims/);
});

test('no page of another origin may call the API unless the context names it', () => {
  const [[, api] = []] = ofType(whole, 'AWS::ApiGatewayV2::Api');
  expect(api?.Properties).not.toHaveProperty('CorsConfiguration');
});

test('links lead to the API unless another address is said', () => {
  const [, createPayment] = functionNamed(whole, 'api/payments/create-payment');
  const [[api] = []] = ofType(whole, 'AWS::ApiGatewayV2::Api');
  expect(createPayment.Properties).toHaveProperty('Environment.Variables.PUBLIC_URL', {
    'Fn::GetAtt': [api, 'ApiEndpoint'],
  });
});
