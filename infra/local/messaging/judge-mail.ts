import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { accountId, region } from '../template/identities.ts';

/** The kinds of events of SES that its event destinations can pass on, and their names at EventBridge. */
const detailTypes = {
  bounce: { eventType: 'Bounce', detailType: 'Email Bounced' },
  complaint: { eventType: 'Complaint', detailType: 'Email Complaint Received' },
} as const;
type Happening = keyof typeof detailTypes;

/** An answer of a reader who is away is no delivery report, so it has neither an action nor a status. */
type Scenario = { happens: Happening; tells: object; isAway?: boolean };

/** The addresses of SES's mailbox simulator, and what happens to a mail to each; a label is allowed (`bounce+1@…`). */
const simulated: Readonly<Record<string, Scenario>> = {
  bounce: { happens: 'bounce', tells: { bounceType: 'Permanent', bounceSubType: 'General' } },
  suppressionlist: { happens: 'bounce', tells: { bounceType: 'Permanent', bounceSubType: 'Suppressed' } },
  ooto: { happens: 'bounce', tells: { bounceType: 'Transient', bounceSubType: 'General' }, isAway: true },
  complaint: { happens: 'complaint', tells: { complaintFeedbackType: 'abuse', complaintSubType: null } },
};
const simulator = /^(\w+)(?:\+[^@]*)?@simulator\.amazonses\.com$/i;

const sendSchema = z.object({
  FromEmailAddress: z.string(),
  ConfigurationSetName: z.string().optional(),
  Destination: z.record(z.string(), z.array(z.string())).default({}),
  EmailTags: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
});
export type SendRequest = z.output<typeof sendSchema>;

/** A request to send a mail; undefined if it is none, for the emulator to judge. */
export const readSendRequest = (body: Buffer): SendRequest | undefined => {
  try {
    return sendSchema.parse(JSON.parse(body.toString()));
  } catch {
    return undefined;
  }
};

const recipientsOf = ({ Destination }: SendRequest): string[] => Object.values(Destination).flat();

export type Refusal = { status: number; name: string; message: string };

/** The kinds of events that each configuration set of the template passes on to EventBridge. */
export type ConfigurationSets = ReadonlyMap<string, ReadonlySet<string>>;

const destinationSchema = z.object({
  ConfigurationSetName: z.string(),
  EventDestination: z.strictObject({
    Enabled: z.literal(true),
    MatchingEventTypes: z.array(z.string()),
    EventBridgeDestination: z.object({ EventBusArn: z.string().endsWith(':event-bus/default') }),
    Name: z.string().optional(),
  }),
});

export const readConfigurationSets = (deployment: Deployment): ConfigurationSets => {
  const destinations = deployment.all('AWS::SES::ConfigurationSetEventDestination', destinationSchema);
  return new Map(
    deployment
      .all('AWS::SES::ConfigurationSet', z.object({}))
      .map(({ ref }) => [
        ref,
        new Set(
          destinations
            .filter(({ properties }) => properties.ConfigurationSetName === ref)
            .flatMap(({ properties }) => properties.EventDestination.MatchingEventTypes),
        ),
      ]),
  );
};

/** Why SES would not take a mail. In the sandbox, it takes only mails to verified addresses and to its simulator. */
export const refusalOf = (
  request: SendRequest,
  { sets, sandbox }: { sets: ConfigurationSets; sandbox: { verified: readonly string[] } | undefined },
): Refusal | undefined => {
  const set = request.ConfigurationSetName;
  if (set !== undefined && !sets.has(set))
    return { status: 404, name: 'NotFoundException', message: `Configuration set <${set}> does not exist.` };
  const unverified = recipientsOf(request).filter(
    (address) => sandbox && !sandbox.verified.includes(address) && !simulator.test(address),
  );
  if (unverified.length === 0) return undefined;
  const message =
    'Email address is not verified. The following identities failed the check in region ' +
    `${region.toUpperCase()}: ${unverified.join(', ')}`;
  return { status: 400, name: 'MessageRejected', message };
};

export type MailEvent = { detailType: string; resources: string[]; detail: object };

/** What SES reports about a mail that it has taken, through the mail's configuration set. */
export const eventsOf = (
  request: SendRequest,
  { sets, messageId, now }: { sets: ConfigurationSets; messageId: string; now: string },
): MailEvent[] => {
  const { FromEmailAddress, EmailTags, ConfigurationSetName: set = '' } = request;
  return recipientsOf(request).flatMap((emailAddress): MailEvent[] => {
    const scenario = simulated[simulator.exec(emailAddress)?.[1]?.toLowerCase() ?? ''];
    if (!scenario || !sets.get(set)?.has(scenario.happens)) return [];
    const { eventType, detailType } = detailTypes[scenario.happens];
    return [
      {
        detailType,
        resources: [`arn:aws:ses:${region}:${accountId}:configuration-set/${set}`],
        detail: {
          eventType,
          [scenario.happens]: {
            ...scenario.tells,
            ...aboutRecipient(scenario, emailAddress),
            timestamp: now,
          },
          mail: {
            timestamp: now,
            source: FromEmailAddress,
            sendingAccountId: accountId,
            messageId,
            destination: recipientsOf(request),
            tags: {
              'ses:configuration-set': [set],
              ...Object.fromEntries(EmailTags.map(({ Name, Value }) => [Name, [Value]])),
            },
          },
        },
      },
    ];
  });
};

const aboutRecipient = ({ happens, isAway }: Scenario, emailAddress: string): object =>
  happens === 'bounce'
    ? {
        bouncedRecipients: [
          {
            emailAddress,
            ...(!isAway && {
              action: 'failed',
              status: '5.1.1',
              diagnosticCode: `smtp; 550 5.1.1 ${emailAddress}`,
            }),
          },
        ],
      }
    : { complainedRecipients: [{ emailAddress }] };
