import { lostTicket, milderThan } from '../../../shared/notifications/rules.ts';
import { reportOf, sesEventSchema } from '../../../shared/notifications/ses-reports.ts';
import { sesEvent } from '../../support/ses-event.ts';

const read = (...args: Parameters<typeof sesEvent>) => reportOf(sesEventSchema.parse(sesEvent(...args)));
const bounce = (bounceType: string, bounceSubType: string, more: object = {}) =>
  read('Email Bounced', {
    bounce: { bounceType, bounceSubType, timestamp: '2026-11-20T02:07:00.000Z', ...more },
  });

describe('what SES reports about a mail', () => {
  test('names the message by its tags, and tells when it happened', () => {
    expect(bounce('Permanent', 'NoEmail')).toEqual({
      orderId: '01KBZ5Q7W8XN3V4M5T6R7S8P9A',
      eventId: '01KBZ5Q7W8XN3V4M5T6R7S8P9A-3',
      event: 'order-issued',
      channel: 'email',
      fate: {
        became: 'undelivered',
        why: 'bounced: Permanent, NoEmail',
        at: '2026-11-20T02:07:00.000Z',
      },
    });
    // Some events have no time of their own.
    expect(read('Email Rejected', { reject: { reason: 'Bad content' } }).fate.at).toBe(
      '2026-11-20T02:08:00.000Z',
    );
  });

  test.each([
    ['Permanent', 'General', 'undelivered'],
    ['Permanent', 'NoEmail', 'undelivered'],
    ['Permanent', 'Suppressed', 'undelivered'],
    ['Permanent', 'OnAccountSuppressionList', 'undelivered'],
    // SES has given up, and no reader is away.
    ['Transient', 'MailboxFull', 'undelivered'],
    ['Transient', 'MessageTooLarge', 'undelivered'],
    ['Transient', 'ContentRejected', 'undelivered'],
    ['Transient', 'AttachmentRejected', 'undelivered'],
    // So does an answer look that says "I am away".
    ['Transient', 'General', 'unclear'],
    ['Undetermined', 'Undetermined', 'unclear'],
  ])('a bounce, %s and %s, is %s', (type, subType, became) => {
    expect(bounce(type, subType).fate.became).toBe(became);
  });

  // An absent reader's answer is no delivery report.
  test.each([
    ['Transient', 'General', 'failed', '4.4.7', 'undelivered'],
    ['Undetermined', 'Undetermined', 'failed', '5.0.0', 'undelivered'],
    ['Transient', 'General', 'delayed', '4.4.1', 'unclear'],
  ])(
    'a bounce, %s and %s, whose delivery report says %s, is %s %s',
    (type, subType, action, status, became) => {
      const fate = bounce(type, subType, { bouncedRecipients: [{ action, status }] }).fate;
      expect(fate).toMatchObject({ became, why: `bounced: ${type}, ${subType}, ${status}` });
    },
  );

  test('a complaint means that the mail came; one that SES remembers means that it did not', () => {
    const complaint = (more: object) => read('Email Complaint Received', { complaint: more }).fate;
    expect(complaint({ complaintFeedbackType: 'abuse' })).toMatchObject({
      became: 'complained',
      why: 'complained: abuse',
    });
    expect(complaint({ complaintSubType: 'OnAccountSuppressionList' }).became).toBe('undelivered');
  });

  test('what SES takes for a virus or cannot render is never delivered; a delay is no end', () => {
    expect(read('Email Rejected', {}).fate.became).toBe('undelivered');
    expect(read('Email Rendering Failed', {}).fate.became).toBe('undelivered');
    expect(
      read('Email Delivery Delayed', { deliveryDelay: { delayType: 'MailboxFull' } }).fate,
    ).toMatchObject({
      became: 'delayed',
      why: 'delayed: MailboxFull',
    });
  });

  test('nothing that a mail server wrote is kept, nor an address', () => {
    const report = bounce('Permanent', 'wang@example.com', {
      bouncedRecipients: [
        { emailAddress: 'wang@example.com', status: '5.1.1', diagnosticCode: 'smtp; 550 wang@example.com' },
      ],
    });
    expect(report.fate.why).toBe('bounced: Permanent, 5.1.1');
    expect(JSON.stringify(report)).not.toContain('example.com');
  });

  test.each([undefined, ['not an event'], ['01KBZ5Q7W8XN3V4M5T6R7S8P9A']])(
    'an event about no message of ours (%p) cannot be read',
    (tag) => {
      const event = sesEvent('Email Rejected', {}, { 'keyun-event': tag });
      expect(sesEventSchema.safeParse(event).success).toBe(false);
    },
  );
});

test('a worse fate replaces a milder one, and nothing replaces itself', () => {
  expect(milderThan('delayed')).toEqual([]);
  expect(milderThan('undelivered')).toEqual(['delayed', 'unclear', 'complained']);
});

test('only a ticket that never arrives needs a person', () => {
  const bounced = bounce('Permanent', 'NoEmail');
  expect(lostTicket(bounced)).toBe('order-issued: bounced: Permanent, NoEmail');
  expect(lostTicket({ ...bounced, event: 'order-held' })).toBeUndefined();
  expect(lostTicket(bounce('Transient', 'General'))).toBeUndefined();
});
