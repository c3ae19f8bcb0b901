import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/** The topic that notifies people of what needs them. Only alarms of this account publish to it. */
export class OperatorTopic extends Topic {
  constructor(scope: Construct, id: string, props: { key: IKey; email?: string | undefined }) {
    super(scope, id, { masterKey: props.key, enforceSSL: true });
    // The topic has its own policy, so that policy must allow alarms to publish.
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (props.email) this.addSubscription(new EmailSubscription(props.email));
  }
}
