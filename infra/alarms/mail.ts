import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { keyunMetric, perFiveMinutes, sumOf } from './metrics.ts';
import { quietWithoutEvents, type AlarmEntry, type Silence } from './model.ts';

/** The rates of the account, by which SES decides whether we may go on sending. */
const rate = (name: 'BounceRate' | 'ComplaintRate'): Metric =>
  new Metric({
    namespace: 'AWS/SES',
    metricName: `Reputation.${name}`,
    period: Duration.hours(1),
    statistic: 'Maximum',
  });

const noMailNoRate: Silence = {
  means: 'all-is-well',
  because: 'SES publishes the rate while mails are sent',
};

/** What happens to our mails. SES reviews an account at bounces of 5 % and complaints of 0.1 %; both go off before. */
export const mailAlarms: readonly AlarmEntry[] = [
  {
    id: 'mails-refused',
    means: 'SES refuses our mails until a person fixes the cause, or takes one for a virus.',
    watches: (watched) =>
      sumOf(
        [
          // What a person must fix, by shared/notifications/ses-refusals.ts.
          keyunMetric(watched, 'MailRefusals', 'Sum'),
          new Metric({ namespace: 'AWS/SES', metricName: 'Reject', ...perFiveMinutes }),
        ],
        Duration.minutes(5),
        'mails that SES refuses',
      ),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: quietWithoutEvents,
  },
  {
    id: 'mails-bounce',
    means: 'Too many mails bounce, and SES may stop all mails of this account.',
    watches: () => rate('BounceRate'),
    goesOff: { above: 0.04 },
    after: { bad: 1, of: 1 },
    silence: noMailNoRate,
  },
  {
    id: 'mail-complaints',
    means: 'Too many recipients mark our mails as spam, and SES may stop all mails of this account.',
    watches: () => rate('ComplaintRate'),
    goesOff: { above: 0.0008 },
    after: { bad: 1, of: 1 },
    silence: noMailNoRate,
  },
];
