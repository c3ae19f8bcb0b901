import { BadRequestException, MessageRejected, TooManyRequestsException } from '@aws-sdk/client-sesv2';
import type { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import type { Mail } from '../../../shared/notifications/mail-port.ts';
import { sesMail } from '../../../shared/notifications/ses-mail.ts';

const sender = { from: 'tickets@example.com', configurationSet: 'Tickets' };

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
    expect(await sesMail({ ...sender, client }).send(mail)).toEqual({ outcome: 'sent' });
    expect(commands[0]?.input.Destination).toEqual({ ToAddresses: ['zhang@example.com'] });
    expect(commands[0]?.input.FromEmailAddress).toBe('tickets@example.com');
    expect(commands[0]?.input.ConfigurationSetName).toBe('Tickets');
  });

  test.each([
    'a@example.com,b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'Zhang <a@example.com>',
    'nobody',
    '',
  ])('to %j is refused before anything is sent', async (to) => {
    const { client, commands } = clientThat(() => Promise.resolve({}));
    const outcome = await sesMail({ ...sender, client }).send({ ...mail, to });
    expect(outcome).toEqual({ outcome: 'refused', why: 'not an address' });
    expect(commands).toEqual([]);
  });

  test('has a subject of one line', async () => {
    const { client, commands } = clientThat(() => Promise.resolve({}));
    const subject = ' Tickets\r\nBcc: b@example.com\u2028\u0000x ';
    await sesMail({ ...sender, client }).send({ ...mail, subject });
    expect(commands[0]?.input.Content?.Simple?.Subject?.Data).toBe('Tickets Bcc: b@example.com x');
  });

  test.each([new MessageRejected(said), new BadRequestException(said)])(
    'that is refused for good is an outcome: %p',
    async (thrown) => {
      const { client } = clientThat(() => Promise.reject(thrown));
      const outcome = await sesMail({ ...sender, client }).send(mail);
      expect(outcome).toEqual({ outcome: 'refused', why: thrown.name });
    },
  );

  test.each([new TooManyRequestsException(said), new Error('socket hang up')])(
    'that may go better next time is thrown: %p',
    async (thrown) => {
      const { client } = clientThat(() => Promise.reject(thrown));
      await expect(sesMail({ ...sender, client }).send(mail)).rejects.toBe(thrown);
    },
  );
});
