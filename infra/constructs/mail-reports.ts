import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { mailReports } from '../../functions/subscriptions.ts';
import { WorkQueue } from './event-queue.ts';
import type { Mail } from './mail.ts';
import type { ServiceFunction } from './service-function.ts';
import { mailReportWorkers } from './worker-limits.ts';

type MailReportsProps = {
  mail: Mail;
  worker: ServiceFunction;
  collectSeconds: number;
};

/** What SES reports about mails that it took, on its way to the function that records it. */
export class MailReports extends WorkQueue {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, { mail, ...props }: MailReportsProps) {
    super(scope, id, { ...props, maxConcurrency: mailReportWorkers });
    this.rule = new Rule(this, 'Rule', {
      description: 'Records what became of a mail to a passenger',
      eventPattern: {
        source: ['aws.ses'],
        detailType: [...mailReports.detailTypes],
        detail: {
          mail: {
            tags: {
              // The default bus has the events of all stages, and of Cognito's mails, which are about no order.
              'ses:configuration-set': [mail.configurationSetName],
              [mailReports.tag]: Match.exists(),
            },
          },
        },
      },
      targets: [new SqsQueue(this.queue)],
    });
  }
}
