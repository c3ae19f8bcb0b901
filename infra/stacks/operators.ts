import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addAlarms } from '../alarms/add-alarms.ts';
import type { Watched } from '../alarms/model.ts';
import { addDashboard } from '../constructs/dashboard.ts';
import { OperatorTopic } from '../constructs/operator-topic.ts';

export type OperatorsStackProps = StackProps & { watched: Watched };

/**
 * The operators' topic, alarms and dashboard. This stack refers to resources of the other stacks and none of them refers to it,
 * so CDK deploys it last.
 */
export class OperatorsStack extends Stack {
  constructor(scope: Construct, id: string, { watched, ...props }: OperatorsStackProps) {
    super(scope, id, props);
    const { data, deployment } = watched;
    const topic = new OperatorTopic(this, 'Topic', { key: data.key, email: deployment.operatorEmail });
    const alarms = addAlarms(this, watched, topic);
    addDashboard(this, watched, alarms);
    new CfnOutput(this, 'OperatorTopicArn', { value: topic.topicArn });
  }
}
