import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addDashboard, type Watched } from '../constructs/dashboard.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { OperatorAlarms } from '../constructs/operator-alarms.ts';
import type { DataStack } from './data.ts';

export type OperatorsStackProps = StackProps & { deployment: Deployment; data: DataStack };

/**
 * The operators' topic, alarms and dashboard. This stack refers to resources of the other stacks and none of them refers to it,
 * so CDK deploys it last.
 */
export class OperatorsStack extends Stack {
  readonly alarms: OperatorAlarms;

  constructor(scope: Construct, id: string, { deployment, data, ...props }: OperatorsStackProps) {
    super(scope, id, props);
    this.alarms = new OperatorAlarms(this, 'Alarms', { key: data.key, email: deployment.operatorEmail });
    this.alarms.whenAPersonIsNeeded(deployment.stage);
    this.alarms.whenProvidersRefuse(deployment.stage);
    this.alarms.whenSecretsAreUnusable(deployment.stage);
    new CfnOutput(this, 'OperatorTopicArn', { value: this.alarms.topic.topicArn });
  }

  /** The dashboard, added when the other stacks have their resources. */
  show(watched: Watched): void {
    addDashboard(this, watched);
  }
}
