import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Deployment } from '../constructs/deployment.ts';
import type { ApiStack } from '../stacks/api.ts';
import type { DataStack } from '../stacks/data.ts';
import type { SellingStack } from '../stacks/selling.ts';

/** The parts of a deployment that alarms and the dashboard watch. */
export type Watched = { deployment: Deployment; data: DataStack; api: ApiStack; selling: SellingStack };

/** What a period without data means, and why. */
export type Silence = { means: 'all-is-well' | 'the-fault'; because: string };

/** An entry of the registry: one alarm, or one for each of several like things. */
export type AlarmEntry = {
  /** The name of the alarm, and of its page: docs/runbooks/<id>.md. */
  id: string;
  /** What it means, in one sentence for a person who has just been woken. */
  means: string;
  /** What it watches: a metric, or one for each thing, by the end of the alarm's name. */
  watches: (watched: Watched) => IMetric | Readonly<Record<string, IMetric>>;
  goesOff: { above: number } | { below: number };
  /** It goes off when so many of the last periods are bad, and ends by itself when fewer are. */
  after: { bad: number; of: number };
  silence: Silence;
};

/** Each period without data is fine: the service writes the metric only when it has something to count. */
export const quietWithoutEvents: Silence = {
  means: 'all-is-well',
  because: 'the metric has data only while it counts something, and nothing sold at night is no fault',
};
