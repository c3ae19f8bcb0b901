import { CfnOutput, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

/**
 * The sender of all mails, as SES knows it: an identity that proves that we may send as `mailFrom`, and a configuration
 * set, through which we learn what became of a mail. docs/how-to/mail.md tells how a person verifies the identity.
 */
export class Mail extends Construct {
  /** The sender's address. */
  readonly from: string;
  /** The verified domain; undefined if SES knows only the address. Cognito needs it to name the identity. */
  readonly domain: string | undefined;
  /** Whether a person has said that SES has verified the identity. Until then Cognito refuses to use it. */
  readonly isVerified: boolean;
  readonly configurationSetName: string;
  /** Whoever sends mail through the configuration set needs a grant for it. */
  readonly configurationSetArn: string;
  /** The identity, if this stack makes it: what refers to it by name must wait for it. */
  readonly identity: EmailIdentity | undefined;

  constructor(scope: Construct, id: string, { mailFrom, mailIdentity, mailVerified }: Deployment) {
    super(scope, id);
    const domain = mailFrom.slice(mailFrom.indexOf('@') + 1);
    const isDomain = mailIdentity.endsWith('domain');
    this.from = mailFrom;
    this.domain = isDomain ? domain : undefined;
    this.isVerified = mailVerified;

    // SES alone remembers addresses that bounced for good or complained: it accepts a mail to one and reports a bounce.
    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    // SES supports the default bus alone.
    configurationSet.addEventDestination('Reports', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'Bus', 'default')),
      events: [
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.REJECT,
        EmailSendingEvent.RENDERING_FAILURE,
        EmailSendingEvent.DELIVERY_DELAY,
      ],
    });
    this.configurationSetName = configurationSet.configurationSetName;
    this.configurationSetArn = Stack.of(this).formatArn({
      service: 'ses',
      resource: 'configuration-set',
      resourceName: this.configurationSetName,
    });

    // An account has each identity once per region, so a second stage with the same sender uses the first one's.
    if (!mailIdentity.startsWith('existing'))
      this.identity = new EmailIdentity(this, 'Identity', {
        identity: isDomain ? Identity.domain(domain) : Identity.email(mailFrom),
      });
  }

  /** The records by which the owner of the domain proves it to SES, as outputs: `<name> CNAME <value>`. */
  showRecords(stack: Stack): void {
    if (!this.identity || !this.domain) return;
    for (const [n, { name, value }] of this.identity.dkimRecords.entries())
      new CfnOutput(stack, `MailDnsRecord${n + 1}`, { value: `${name} CNAME ${value}` });
  }
}
