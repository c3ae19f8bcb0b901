import { routes } from '../../functions/routes.ts';
import { ofType, synthesize, templates, type Properties, type Template } from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = templates(
    synthesize({
      stage: 'prod',
      carrier: 'eu-coach',
      mailFrom: 'tickets@coach.example',
      operatorEmail: 'staff@coach.example',
      allowedOrigins: 'https://coach.example,https://app.coach.example:8443',
    }),
  ));
}, 120_000);

test('pages of the origins that the context names may call every route, without credentials', () => {
  const [[, api] = []] = ofType(whole, 'AWS::ApiGatewayV2::Api');
  const { AllowMethods: methods, ...cors } = api?.Properties['CorsConfiguration'] as Properties;
  expect(cors).toEqual({
    AllowOrigins: ['https://coach.example', 'https://app.coach.example:8443'],
    AllowHeaders: ['accept-language', 'authorization', 'content-type', 'idempotency-key', 'if-none-match'],
    ExposeHeaders: ['allow', 'date', 'etag', 'location', 'retry-after', 'x-request-id'],
    MaxAge: 3600,
  });
  expect(methods).toEqual(expect.arrayContaining(Object.values(routes).map(({ method }) => method)));
});
