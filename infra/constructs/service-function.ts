import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
  type Alias,
  type IFunction,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { aliasOf } from './purchase-functions.ts';
import type { FunctionName, Grants } from './grants.ts';
import { environmentFor, statementsFor, type Granted } from './permissions.ts';

export type ServiceFunctionProps = {
  entry: FunctionName;
  /** The folder of its bundle. */
  code: string;
  grants: Grants;
  granted: Granted;
};

/** The folders of entry files below `functions/`. */
export type FunctionGroup = 'api' | 'payment-callbacks' | 'workflow' | 'events' | 'schedule';

/**
 * More memory gives more processor, so functions that a person or a provider waits for have more of it. A time-out must be
 * shorter than the limit of its caller: 30 s at the gateway, a sixth of a queue's visibility. A clean-up may last longer than the
 * minute between two of them: it is more important that each ends its work.
 */
const sizes: Record<FunctionGroup, { memorySize: number; seconds: number }> = {
  api: { memorySize: 512, seconds: 10 },
  'payment-callbacks': { memorySize: 512, seconds: 10 },
  workflow: { memorySize: 256, seconds: 30 },
  events: { memorySize: 256, seconds: 30 },
  schedule: { memorySize: 512, seconds: 300 },
};

/** The longest that Lambda allows, for a whole day's bill: nobody waits for it. */
const longer: Partial<Record<FunctionName, number>> = { 'schedule/reconcile': 900 };

/** `api/orders/place-order` → `ApiPlaceOrder` */
const constructId = (entry: string): string =>
  entry.replaceAll(/(?:^|[/-])(\w)/g, (_, letter: string) => letter.toUpperCase());

/** One Lambda function: an entry file, its grants and its log. */
export class ServiceFunction extends LambdaFunction {
  readonly entry: FunctionName;
  /** The longest time of one invocation. */
  readonly seconds: number;
  /** The alias of a function that takes part in a purchase. */
  readonly alias: Alias | undefined;

  constructor(scope: Construct, { entry, code, grants, granted }: ServiceFunctionProps) {
    const id = constructId(entry);
    const { memorySize, seconds: usual } = sizes[entry.split('/')[0] as FunctionGroup];
    const seconds = longer[entry] ?? usual;
    const isProduction = granted.deployment.stage === 'prod';
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: isProduction ? RetentionDays.SIX_MONTHS : RetentionDays.TWO_WEEKS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Its own role: AWS's managed policy may write to every log of the account.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    for (const statement of statementsFor(grants, granted)) role.addToPolicy(statement);

    super(scope, id, {
      description: entry,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(code),
      memorySize,
      timeout: Duration.seconds(seconds),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.ACTIVE,
      environment: { ...environmentFor(grants, granted), POWERTOOLS_SERVICE_NAME: entry },
    });
    this.entry = entry;
    this.seconds = seconds;
    this.alias = aliasOf(this, entry);
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::*]':
        'X-Ray and the listing of streams have no permissions below the account; nothing else is granted on *.',
    });
    if (grants.mails)
      acknowledge(role, {
        'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]':
          'SES also checks recipients that are identities of this account; a condition names the one sender.',
      });
  }

  /** What callers call: the alias, if the function has one. */
  get called(): IFunction {
    // Only to the compiler is an Alias no IFunction: its optional properties may be `undefined` by name.
    return (this.alias ?? this) as IFunction;
  }
}
