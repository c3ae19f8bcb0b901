import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnApplication, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnAlias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { ServiceFunction } from './service-function.ts';

export type GradualReleaseProps = {
  functions: readonly ServiceFunction[];
  /** What shows that the new versions fail, with the sum of a minute that is too much. */
  signs: Readonly<Record<string, { metric: IMetric; description: string; threshold: number }>>;
};

/** A tenth of the calls for five minutes, then all of them. */
const canary = 'CodeDeployDefault.LambdaCanary10Percent5Minutes';

/**
 * Lets new versions of functions begin with a tenth of the calls, and puts the old ones back if an alarm rings within five
 * minutes. CloudFormation starts this when it moves an alias, and reports a failed update if the old version is back. The
 * alarms stand beside the functions and notify nobody: the operators' topic belongs to a stack that is deployed later.
 */
export class GradualRelease extends Construct {
  constructor(scope: Construct, id: string, { functions, signs }: GradualReleaseProps) {
    super(scope, id);
    const released = functions.filter(({ alias }) => alias);
    const application = new CfnApplication(this, 'Application', { computePlatform: 'Lambda' });
    const { roleArn } = this.#role(released);
    const alarms = Object.entries(signs).map(([name, { metric, description, threshold }]) => {
      const alarm = new Alarm(this, name, {
        alarmDescription: `${description} A release that causes it is rolled back: docs/how-to/releases.md.`,
        metric,
        threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      return { name: alarm.alarmName };
    });
    for (const { node, alias } of released) {
      const group = new CfnDeploymentGroup(this, node.id, {
        applicationName: application.ref,
        serviceRoleArn: roleArn,
        deploymentConfigName: canary,
        deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
        alarmConfiguration: { enabled: true, alarms },
        autoRollbackConfiguration: {
          enabled: true,
          events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
        },
      });
      const resource = alias?.node.defaultChild as CfnAlias;
      resource.cfnOptions.updatePolicy = {
        codeDeployLambdaAliasUpdate: { applicationName: application.ref, deploymentGroupName: group.ref },
      };
    }
  }

  /** Its own role: AWS's managed policy may move every alias of the account. */
  #role(released: readonly ServiceFunction[]): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
        resources: released.flatMap(({ functionArn, called }) => [functionArn, called.functionArn]),
      }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::*]':
        'CodeDeploy asks for all alarms of a group in one call; it can change none.',
    });
    return role;
  }
}

/** What alarms count in one minute. */
export const perMinute = { period: Duration.minutes(1), statistic: 'Sum' };
