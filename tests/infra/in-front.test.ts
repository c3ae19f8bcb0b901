import { routes } from '../../functions/routes.ts';
import { frontContext } from './front-context.ts';
import {
  functionBehind,
  ofType,
  synthesize,
  target,
  templates,
  type Properties,
  type Template,
  type Value,
} from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = templates(synthesize(frontContext)));
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

const purchase = [
  'api/orders/place-order',
  'api/orders/cancel-order',
  'api/payments/create-payment',
  'events/start-purchase',
  'events/apply-payment',
  'events/submit-refund',
];
const ofEntry = (entry: unknown) =>
  purchase.includes(String(entry)) || /^(?:payment-callbacks|workflow)\//.test(String(entry));

describe('functions that take part in a purchase', () => {
  test('are called by their alias alone, and no other function has one', () => {
    const entries = ofType(whole, 'AWS::Lambda::Function').map(
      ([, { Properties }]) => Properties['Description'],
    );
    const aliased = ofType(whole, 'AWS::Lambda::Alias').map(([, { Properties: properties }]) => {
      return whole.Resources[target(properties['FunctionName'])]?.Properties['Description'];
    });
    expect(aliased.sort()).toEqual(entries.filter(ofEntry).sort());
    expect(aliased.length).toBeGreaterThan(12);

    // Whatever calls a function names it in one of these; a permission or a grant names what it opens.
    const callers = [
      'AWS::ApiGatewayV2::Integration',
      'AWS::Lambda::EventSourceMapping',
      'AWS::StepFunctions::StateMachine',
    ];
    const text = JSON.stringify(Object.values(whole.Resources).filter(({ Type }) => callers.includes(Type)));
    for (const [id, { Properties: properties }] of ofType(whole, 'AWS::Lambda::Function'))
      if (ofEntry(properties['Description'])) expect(text).not.toContain(`"${id}"`);
  });

  test('move to a new version by a tenth of the calls first, and back if an alarm of the stack rings', () => {
    const aliases = ofType(whole, 'AWS::Lambda::Alias');
    const groups = new Set<string>();
    for (const [, alias] of aliases) {
      const { ApplicationName: application, DeploymentGroupName: group } = (
        alias.UpdatePolicy as { CodeDeployLambdaAliasUpdate: Properties }
      ).CodeDeployLambdaAliasUpdate;
      const properties = whole.Resources[target(group)]?.Properties ?? {};
      expect(properties).toMatchObject({
        ApplicationName: application,
        DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
        DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
        AutoRollbackConfiguration: {
          Enabled: true,
          Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
        },
      });
      const { Alarms: alarms, Enabled: enabled } = properties['AlarmConfiguration'] as {
        Alarms: { Name: Value }[];
        Enabled: boolean;
      };
      expect(enabled).toBe(true);
      for (const { Name: name } of alarms)
        expect(whole.Resources[target(name)]?.Type).toBe('AWS::CloudWatch::Alarm');
      expect(alarms.length).toBeGreaterThan(0);
      groups.add(target(group));
    }
    // CodeDeploy moves one alias of a group at a time.
    expect(groups.size).toBe(aliases.length);
  });

  test('are moved by a role that may move nothing else', () => {
    const roles = ofType(whole, 'AWS::IAM::Role').filter(([, { Properties }]) =>
      JSON.stringify(Properties).includes('codedeploy.amazonaws.com'),
    );
    expect(roles).toHaveLength(2);
    for (const [id, role] of roles) {
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
      const policy = ofType(whole, 'AWS::IAM::Policy').find(([, { Properties }]) =>
        JSON.stringify(Properties['Roles']).includes(`"${id}"`),
      );
      const { Statement: statements } = policy?.[1].Properties['PolicyDocument'] as unknown as {
        Statement: { Action: Value; Resource: Value[] }[];
      };
      expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
        'cloudwatch:DescribeAlarms',
        'lambda:GetAlias',
        'lambda:GetProvisionedConcurrencyConfig',
        'lambda:UpdateAlias',
      ]);
      const moves = statements.find(({ Action }) => [Action].flat().includes('lambda:UpdateAlias'));
      const entries = moves?.Resource.map(
        (arn) => whole.Resources[functionBehind(whole, arn)]?.Properties['Description'],
      );
      expect(entries?.every(ofEntry)).toBe(true);
    }
  });

  test('move at once where nobody buys, without anything of CodeDeploy', () => {
    const dev = templates(synthesize({ carrier: 'eu-coach' })).whole;
    expect(ofType(dev, 'AWS::Lambda::Alias').length).toBe(ofType(whole, 'AWS::Lambda::Alias').length);
    for (const [, alias] of ofType(dev, 'AWS::Lambda::Alias'))
      expect(alias).not.toHaveProperty('UpdatePolicy');
    expect(Object.values(dev.Resources).filter(({ Type }) => Type.startsWith('AWS::CodeDeploy'))).toEqual([]);
  }, 60_000);
});

describe('the distribution in front', () => {
  const config = () => {
    const [[, distribution] = []] = ofType(whole, 'AWS::CloudFront::Distribution');
    return distribution?.Properties['DistributionConfig'] as Properties;
  };
  type Behaviour = {
    PathPattern?: string;
    CachePolicyId: Value;
    OriginRequestPolicyId: Value;
    AllowedMethods: string[];
  };
  const behaviours = () => config()['CacheBehaviors'] as unknown as Behaviour[];
  const cachingDisabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
  const allButHost = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

  test('has the domain, the certificate and the firewall of the context, and only modern TLS', () => {
    expect(config()).toMatchObject({
      Aliases: ['booking.coach.example'],
      HttpVersion: 'http2and3',
      WebACLId: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/WebAcl/w',
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
  });

  test('keeps what the table of routes allows, and hands everything else over with its token', () => {
    const shared = Object.values(routes).filter(({ success }) => success.kept?.sharedSeconds);
    expect(behaviours().map(({ PathPattern }) => PathPattern)).toEqual(
      shared.map(({ path }) => path.replaceAll(/\{\w+\}/g, '*')),
    );
    expect(config()['DefaultCacheBehavior']).toMatchObject({
      CachePolicyId: cachingDisabled,
      OriginRequestPolicyId: allButHost,
      Compress: true,
      ViewerProtocolPolicy: 'redirect-to-https',
    });
    for (const { AllowedMethods: methods, OriginRequestPolicyId: policy } of behaviours()) {
      expect(methods).toContain('POST');
      expect(policy).toBe(allButHost);
    }
  });

  test('no route for signed-in callers or providers is among what it keeps', () => {
    const patterns = behaviours().map(
      ({ PathPattern = '' }) => new RegExp(`^${PathPattern.replaceAll('*', '.*')}$`),
    );
    const closed = Object.values(routes).filter(({ caller }) => caller !== 'anyone');
    expect(closed.length).toBeGreaterThan(5);
    for (const { path } of closed)
      expect({ path, kept: patterns.some((each) => each.test(path)) }).toEqual({ path, kept: false });
  });

  test('tells answers apart by path, query, language and origin, never by token or cookie', () => {
    const [[, policy] = []] = ofType(whole, 'AWS::CloudFront::CachePolicy');
    expect(policy?.Properties['CachePolicyConfig']).toMatchObject({
      MinTTL: 0,
      DefaultTTL: 0,
      ParametersInCacheKeyAndForwardedToOrigin: {
        HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Accept-Language', 'Origin'] },
        QueryStringsConfig: { QueryStringBehavior: 'all' },
        CookiesConfig: { CookieBehavior: 'none' },
        EnableAcceptEncodingGzip: true,
        EnableAcceptEncodingBrotli: true,
      },
    });
  });

  test('keeps no error: the 404 of one passenger is no answer for another', () => {
    const errors = config()['CustomErrorResponses'] as unknown as {
      ErrorCode: number;
      ErrorCachingMinTTL: number;
    }[];
    expect(errors.map(({ ErrorCode }) => ErrorCode)).toEqual([
      400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504,
    ]);
    for (const { ErrorCachingMinTTL: seconds } of errors) expect(seconds).toBe(0);
  });

  test('proves itself to every function that answers HTTP, and to no other', () => {
    const [origin] = config()['Origins'] as unknown as {
      OriginCustomHeaders: { HeaderName: string; HeaderValue: Value }[];
    }[];
    const [header] = origin?.OriginCustomHeaders ?? [];
    expect(header?.HeaderName).toBe('x-keyun-front');
    for (const [, { Properties: properties }] of ofType(whole, 'AWS::Lambda::Function')) {
      const { Variables: variables } = properties['Environment'] as { Variables: Record<string, Value> };
      const answersHttp = /^(?:api|payment-callbacks)\//.test(String(properties['Description']));
      expect([properties['Description'], variables['FRONT_KEY']]).toEqual([
        properties['Description'],
        answersHttp ? header?.HeaderValue : undefined,
      ]);
      // It is the start of every link, too.
      if ('PUBLIC_URL' in variables) expect(variables['PUBLIC_URL']).toBe('https://booking.coach.example');
    }
    expect(JSON.stringify(header?.HeaderValue)).toContain('{{resolve:secretsmanager:');
  });

  test('adds headers that protect, and those for other origins, to answers that lack them', () => {
    const [[, policy] = []] = ofType(whole, 'AWS::CloudFront::ResponseHeadersPolicy');
    expect(policy?.Properties['ResponseHeadersPolicyConfig']).toMatchObject({
      SecurityHeadersConfig: {
        ContentSecurityPolicy: { Override: false },
        ContentTypeOptions: { Override: true },
        StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: true },
      },
      CorsConfig: {
        AccessControlAllowCredentials: false,
        AccessControlAllowOrigins: { Items: ['https://coach.example', 'https://app.coach.example:8443'] },
        OriginOverride: false,
      },
    });
  });
});
