import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addDashboard, type Watched } from '../constructs/dashboard.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { OperatorAlarms } from '../constructs/operator-alarms.ts';
import type { DataStack } from './data.ts';

export type OperatorsStackProps = StackProps & { deployment: Deployment; data: DataStack };

/**
 * What the people who run the system see: their topic, the alarms and the dashboard. It names what the other stacks
 * are made of, and none of them names anything of it, so that it is deployed last and each of them can be.
 */
export class OperatorsStack extends Stack {
  readonly alarms: OperatorAlarms;

  constructor(scope: Construct, id: string, { deployment, data, ...props }: OperatorsStackProps) {
    super(scope, id, props);
    this.alarms = new OperatorAlarms(this, 'Alarms', { key: data.key, email: deployment.operatorEmail });
    this.alarms.whenAPersonIsNeeded(deployment.stage);
    this.alarms.whenProvidersRefuse(deployment.stage);
    new CfnOutput(this, 'OperatorTopicArn', { value: this.alarms.topic.topicArn });
  }

  /** The dashboard, once there is something to be seen on it. */
  show(watched: Watched): void {
    addDashboard(this, watched);
  }
}
