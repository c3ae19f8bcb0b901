import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { ApiRoute } from '../constructs/booking-api.ts';

export type FirewallStackProps = StackProps & { routes: readonly ApiRoute[] };

/** Requests of one address in five minutes: many passengers may share an address. */
const requestsMax = 10_000;
/** The same for orders, payments and cancellations. */
const purchasesMax = 1000;

/** WAF looks at no more of a body, and anything larger is refused. */
const inspectedBody = { inspection: 'KB_64', bytes: 64 * 1024 };

const plain = [{ priority: 0, type: 'NONE' }];

/** A path as the gateway may understand it, however it is written: `/v1/%6frders`, `/v1/x/../orders`. */
const understood = [
  { priority: 0, type: 'URL_DECODE' },
  { priority: 1, type: 'NORMALIZE_PATH' },
];

const isOfOrders: CfnWebACL.StatementProperty = {
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: 'STARTS_WITH',
    searchString: '/v1/orders',
    textTransformations: understood,
  },
};
const isPost: CfnWebACL.StatementProperty = {
  byteMatchStatement: {
    fieldToMatch: { method: {} },
    positionalConstraint: 'EXACTLY',
    searchString: 'POST',
    textTransformations: plain,
  },
};

/**
 * Anything but a provider's report of a payment: those come from a few addresses, and their signatures are verified. Only the
 * exact paths of the table are spared, as they are written: what merely looks like one may lead elsewhere.
 */
const isNoCallback = (routes: readonly ApiRoute[]): CfnWebACL.StatementProperty => {
  const paths = routes.filter(({ caller }) => caller === 'provider').map(({ path }) => path);
  return {
    notStatement: {
      statement: {
        regexMatchStatement: {
          fieldToMatch: { uriPath: {} },
          regexString: `^(?:${paths.join('|')})$`,
          textTransformations: plain,
        },
      },
    },
  };
};

const watched = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: false,
});

/** The same bodies as the gateway's own answers with these states. */
const answers: Record<string, CfnWebACL.CustomResponseBodyProperty> = {
  TooMany: { contentType: 'APPLICATION_JSON', content: '{"message":"Too Many Requests"}' },
  TooLarge: { contentType: 'APPLICATION_JSON', content: '{"message":"Request Entity Too Large"}' },
};

/** Refuses what one address asks too often; the client may try again a minute later. */
const atMost = (
  name: string,
  priority: number,
  limit: number,
  scopeDownStatement: CfnWebACL.StatementProperty,
): CfnWebACL.RuleProperty => ({
  name,
  priority,
  statement: {
    rateBasedStatement: { aggregateKeyType: 'IP', evaluationWindowSec: 300, limit, scopeDownStatement },
  },
  action: {
    block: {
      customResponse: {
        responseCode: 429,
        customResponseBodyKey: 'TooMany',
        responseHeaders: [{ name: 'retry-after', value: '60' }],
      },
    },
  },
  visibilityConfig: watched(name),
});

/** Rules that AWS keeps. Those of `counted` only count: they would refuse what this API takes. */
const managed = (
  name: string,
  priority: number,
  scopeDownStatement: CfnWebACL.StatementProperty,
  counted: readonly string[],
): CfnWebACL.RuleProperty => ({
  name,
  priority,
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name: `AWSManagedRules${name}`,
      scopeDownStatement,
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
  overrideAction: { none: {} },
  visibilityConfig: watched(name),
});

/**
 * What counts and looks at requests before they reach the distribution. AWS keeps such a firewall in us-east-1, wherever the
 * other stacks are, so it is a stack of its own without a reference to any of them.
 */
export class FirewallStack extends Stack {
  constructor(scope: Construct, id: string, { routes, ...props }: FirewallStackProps) {
    super(scope, id, { ...props, env: { region: 'us-east-1' } });
    const others = isNoCallback(routes);
    const acl = new CfnWebACL(this, 'WebAcl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: watched(id),
      associationConfig: {
        requestBody: { CLOUDFRONT: { defaultSizeInspectionLimit: inspectedBody.inspection } },
      },
      customResponseBodies: answers,
      rules: [
        {
          name: 'BodySize',
          priority: 0,
          statement: {
            sizeConstraintStatement: {
              // It matches also what is longer than it looks at.
              fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
              comparisonOperator: 'GT',
              size: inspectedBody.bytes,
              textTransformations: plain,
            },
          },
          action: {
            block: { customResponse: { responseCode: 413, customResponseBodyKey: 'TooLarge' } },
          },
          visibilityConfig: watched('BodySize'),
        },
        atMost('Purchases', 1, purchasesMax, { andStatement: { statements: [isPost, isOfOrders] } }),
        atMost('Requests', 2, requestsMax, others),
        managed('CommonRuleSet', 3, others, [
          // An order of nine passengers with long names is larger than its 8 KB.
          'SizeRestrictions_BODY',
          // Programs need not name themselves.
          'NoUserAgent_HEADER',
          // The address to which a payment returns may be one of this kind.
          'GenericRFI_BODY',
        ]),
        managed('KnownBadInputsRuleSet', 4, others, []),
      ],
    });
    new CfnOutput(this, 'WebAclArn', { value: acl.attrArn });
  }
}
