import {
  AccountSuspendedException,
  BadRequestException,
  LimitExceededException,
  MailFromDomainNotVerifiedException,
  MessageRejected,
  NotFoundException,
  SendingPausedException,
  TooManyRequestsException,
} from '@aws-sdk/client-sesv2';
import type { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import type { Mail } from '../../../shared/notifications/mail-port.ts';
import type { NewsRef } from '../../../shared/notifications/model.ts';
import { sesMail } from '../../../shared/notifications/ses-mail.ts';
import { refusalOf } from '../../../shared/notifications/ses-refusals.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import { loggable, logger } from '../../../shared/platform/log.ts';
import { instantSchema } from '../../../shared/platform/time.ts';

const now = instantSchema.parse('2026-11-20T02:06:00.000Z');
const sender = { from: 'tickets@example.com', configurationSet: 'Tickets', clock: () => now };

const orderId = orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9A');
const message: NewsRef = { orderId, eventId: `${orderId}-3`, event: 'order-issued', channel: 'email' };

const mail: Mail = {
  to: 'zhang@example.com',
  subject: 'Tickets',
  html: '<p>Tickets</p>',
  text: 'Tickets',
  attachments: [],
};

/** An SES client that keeps what it is asked to send and answers as it is told. */
const clientThat = (answer: () => Promise<unknown>) => {
  const commands: SendEmailCommand[] = [];
  const send = (command: SendEmailCommand): Promise<unknown> => {
    commands.push(command);
    return answer();
  };
  return { client: { send } as unknown as SESv2Client, commands };
};
const said = { $metadata: {}, message: 'no' };

describe('mail by SES', () => {
  test('goes to one address', async () => {
    const { client, commands } = clientThat(() => Promise.resolve({}));
    expect(await sesMail({ ...sender, client }).send(mail, message)).toEqual({ outcome: 'sent' });
    expect(commands[0]?.input.Destination).toEqual({ ToAddresses: ['zhang@example.com'] });
    expect(commands[0]?.input.FromEmailAddress).toBe('tickets@example.com');
    expect(commands[0]?.input.ConfigurationSetName).toBe('Tickets');
    // What SES reports later names the message by these.
    expect(commands[0]?.input.EmailTags).toEqual([
      { Name: 'keyun-event', Value: `${orderId}-3` },
      { Name: 'keyun-news', Value: 'order-issued' },
    ]);
  });

  test.each([
    'a@example.com,b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'Zhang <a@example.com>',
    'nobody',
    '',
  ])('to %j is refused before anything is sent', async (to) => {
    const { client, commands } = clientThat(() => Promise.resolve({}));
    const outcome = await sesMail({ ...sender, client }).send({ ...mail, to }, message);
    expect(outcome).toEqual({ outcome: 'refused', why: 'not-an-address' });
    expect(commands).toEqual([]);
  });

  test('has a subject of one line', async () => {
    const { client, commands } = clientThat(() => Promise.resolve({}));
    const subject = ' Tickets\r\nBcc: b@example.com\u2028\u0000x ';
    await sesMail({ ...sender, client }).send({ ...mail, subject }, message);
    expect(commands[0]?.input.Content?.Simple?.Subject?.Data).toBe('Tickets Bcc: b@example.com x');
  });

  // By their class where the SDK has one, and by their name where any service of AWS may answer so.
  test.each([
    new MessageRejected({ $metadata: {}, message: 'Email address is not verified: zhang@example.com' }),
    new MailFromDomainNotVerifiedException(said),
    new SendingPausedException(said),
    new AccountSuspendedException(said),
    new LimitExceededException(said),
    new NotFoundException(said),
    new BadRequestException(said),
    new TooManyRequestsException(said),
    Object.assign(new Error('no'), { name: 'AccessDeniedException' }),
    Object.assign(new Error('no'), { name: 'ThrottlingException' }),
    new Error('socket hang up'),
  ])('that SES does not take is thrown, so that the queue keeps it: %p', async (thrown) => {
    const { client } = clientThat(() => Promise.reject(thrown));
    const failure = await sesMail({ ...sender, client })
      .send(mail, message)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'MailNotSent', cause: thrown });
    expect((failure as Error).message).toBe(`not sent, ${thrown.name}: ${refusalOf(thrown.name).because}`);
    expect(JSON.stringify(loggable(failure))).not.toContain('zhang');
  });
});

describe('what a person must fix', () => {
  const counted = async (thrown: Error): Promise<number> => {
    const written = jest.spyOn(logger, 'info').mockReturnValue();
    const { client } = clientThat(() => Promise.reject(thrown));
    await expect(sesMail({ ...sender, client }).send(mail, message)).rejects.toThrow();
    const lines = written.mock.calls.filter(
      ([, line]) => (line as { MailRefusals?: number }).MailRefusals === 1,
    );
    written.mockRestore();
    return lines.length;
  };

  test('is counted, and what passes by itself is not', async () => {
    expect(await counted(new MessageRejected(said))).toBe(1);
    expect(await counted(new SendingPausedException(said))).toBe(1);
    expect(await counted(new TooManyRequestsException(said))).toBe(0);
    expect(await counted(new Error('socket hang up'))).toBe(0);
  });
});
