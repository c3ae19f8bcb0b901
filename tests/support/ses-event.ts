/** An event of SES as EventBridge passes it on: the shape of the developer guide, "Contents of event data". */
export const sesEvent = (detailType: string, what: object, tags: Record<string, unknown> = {}) => ({
  version: '0',
  id: 'e',
  'detail-type': detailType,
  source: 'aws.ses',
  account: '000000000000',
  time: '2026-11-20T02:08:00Z',
  region: 'us-east-1',
  resources: ['arn:aws:ses:us-east-1:000000000000:configuration-set/Tickets'],
  detail: {
    eventType: 'Bounce',
    mail: {
      timestamp: '2026-11-20T02:06:00.000Z',
      source: 'tickets@example.com',
      messageId: 'm',
      destination: ['wang@example.com'],
      commonHeaders: { to: ['wang@example.com'], subject: 'Tickets' },
      tags: {
        'ses:configuration-set': ['Tickets'],
        'keyun-event': ['01KBZ5Q7W8XN3V4M5T6R7S8P9A-3'],
        'keyun-news': ['order-issued'],
        ...tags,
      },
    },
    ...what,
  },
});
