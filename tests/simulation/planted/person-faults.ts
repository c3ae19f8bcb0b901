import type { PlantedFault } from './model.ts';

const odd = ['--odd'];

/** Two people, or a person and the provider, in the same seconds: few seeds come to that. */
const settling = 'tests/integration/settle-refund.test.ts';

/** What keeps money in sight that does not go back by itself, and people from paying it back twice or never. */
export const personFaults: readonly PlantedFault[] = [
  {
    name: 'a refund that is declined for good is told to nobody',
    file: 'shared/payments/refunds-store.ts',
    code: 'update: `SET #state = :failed, declined = :why, dueAt = :again, ${countDecline}, ${setAttention}`,',
    becomes:
      'update: `SET #state = :failed, declined = :why, dueAt = :again, ${countDecline}, noted = :attention, notedShard = :attentionShard, notedSince = :attentionSince`,',
    world: odd,
  },
  {
    name: 'a refund that is never confirmed is told to nobody',
    file: 'shared/payments/rules.ts',
    code: '...(now >= tellAt && {',
    becomes: '...(now < refund.requestedAt && {',
    world: odd,
  },
  {
    name: 'a refund that is never confirmed is told to nobody, and the audit trusts when it is due',
    file: 'shared/payments/rules.ts',
    code: '...(now >= tellAt && {',
    becomes: '...(now < refund.requestedAt && {',
    also: [
      {
        file: 'shared/audit/attention.ts',
        code: 'isOpen && isOver(requestedAt, lookups)',
        becomes: 'isOpen && isOver(refund.dueAt ?? requestedAt, lookups)',
      },
    ],
    world: odd,
  },
  {
    name: 'T33: what is retried is out of sight',
    file: 'shared/payments/settling-store.ts',
    code: "${setDue}, ${recordHandled}, ${setAttention}` +\n      ' REMOVE declined',",
    becomes:
      "${setDue}, ${recordHandled}, noted = :attention, notedShard = :attentionShard, notedSince = :attentionSince` +\n      ' REMOVE declined, attention, attentionShard, attentionSince',",
    world: odd,
  },
  {
    name: 'T34: two people take one refund in hand',
    file: 'shared/payments/settling-store.ts',
    code: "{ only: ['requested', 'submitted', 'failed'] }",
    becomes: "{ only: ['requested', 'submitted', 'failed'], orAlready: true }",
    also: [
      {
        file: 'shared/payments/settling-store.ts',
        code: '`#state = :failed${',
        becomes: '`#state IN (:failed, :settling)${',
      },
    ],
    test: 'tests/integration/guards/settling.test.ts',
  },
  {
    name: 'T21: what is in hand cannot be confirmed',
    file: 'shared/payments/refunds-store.ts',
    code: "const way = wayTo(refundTransitions, 'succeeded');",
    becomes:
      "const way = wayTo(refundTransitions, 'succeeded', { only: ['requested', 'submitted', 'failed'] });",
    test: settling,
  },
  {
    name: 'T36: what the provider pays after it was settled is not booked',
    file: 'shared/paying/submit-refund.ts',
    code: "if (refund.state === 'settled') {\n    await bookPaidTwice(dependencies, payment, refund, { by: refund.settledBy });",
    becomes: "if (refund.state === 'settled') {",
    test: settling,
  },
  {
    name: 'T36: what a person pays after the provider has is not booked',
    file: 'shared/paying/settle-refund.ts',
    code: 'await bookPaidTwice(dependencies, payment, refund, { by: handled.by, handled });',
    becomes: 'await Promise.resolve(handled);',
    test: settling,
  },
  {
    name: 'what needs a person is not counted',
    file: 'shared/upkeep/attention.ts',
    code: 'return { waiting: items.length, oldestSeconds',
    becomes: 'return { waiting: items.length * 0, oldestSeconds',
    world: odd,
  },
  {
    name: 'another amount pays an order',
    file: 'shared/payments/rules.ts',
    code: "if (sameMoney(paid, payment.amount)) return 'as-asked';",
    becomes: "if (paid.amount > 0) return 'as-asked';",
    world: odd,
  },
  {
    name: 'another amount does not go back',
    file: 'shared/paying/record-notification.ts',
    code: "{ label: 'refund', write: putRefund(bookings, refund) },\n    { label: 'captured'",
    becomes: "{ label: 'captured'",
    world: odd,
  },
  {
    name: 'a notification of another amount is forgotten',
    file: 'shared/paying/record-notification.ts',
    code: 'await doubtPayment(bookings, payment, doubt, now);',
    becomes: 'await Promise.resolve(accepted({}));',
    world: [...odd, '--late'],
  },
];
