import type { PlantedFault } from './model.ts';

/** What keeps money from being lost between a provider, an order and a refund. */
const paidWays = 'tests/integration/paid-ways.test.ts';

export const moneyFaults: readonly PlantedFault[] = [
  {
    name: 'T6: the order need not be held',
    file: 'shared/orders/transitions-store.ts',
    code: "ConditionExpression: allOf('#state = :held', 'expiresAt > :now'),",
    becomes: "ConditionExpression: allOf('NOT #state = :held OR expiresAt > :now'),",
  },
  {
    name: 'T7: payments are not checked',
    file: 'shared/selling/end-order.ts',
    code: "      ...payments.map((payment) => ({ label: 'payment', write: checkSettled(bookings, payment) })),\n",
    becomes: '',
    test: 'tests/integration/lost-races.test.ts',
  },
  {
    name: 'T9: an order may be paid already',
    file: 'shared/orders/transitions-store.ts',
    code: "from: ['held', 'closing'],\n    condition: ['attribute_not_exists(paidBy)'],",
    becomes: "from: ['held', 'closing'],\n    condition: ['attribute_exists(pk)) OR (attribute_exists(pk)'],",
    test: 'tests/integration/guards/orders.test.ts',
  },
  {
    name: 'T9: the payment is not marked as applied',
    file: 'shared/payments/store.ts',
    code: 'UpdateExpression: `SET appliedAt = :now${lessLeft}',
    becomes: "UpdateExpression: `SET ${back === undefined ? 'touchedAt' : 'appliedAt'} = :now${lessLeft}",
  },
  {
    name: 'T10: a fenced owner is taken',
    file: 'shared/orders/transitions-store.ts',
    code: '...owners.map((_, index) => `NOT contains(fenced, :owner${index})`),',
    becomes:
      '...owners.map((_, index) => `NOT contains(fenced, :owner${index}) OR contains(fenced, :owner${index})`),',
    world: ['--kinds', 'lands-later', '--late'],
  },
  {
    name: 'T10: nobody is fenced before pieces are given back',
    file: 'shared/paying/apply-payment.ts',
    code: "const fenced = await fenceOwner(dependencies.bookings, order.orderId, owner, Object.keys(order.items));\n    if (fenced.outcome === 'rejected') return",
    becomes: 'const fenced: boolean = await Promise.resolve(Boolean(owner));\n    if (!fenced) return',
    world: ['--kinds', 'lands-later', '--late'],
  },
  {
    name: 'T10: claims are not made again',
    file: 'shared/paying/apply-payment.ts',
    code: "...putClaims(bookings, claims, wishes).map((write) => ({ label: 'claim', write })),",
    becomes: '',
  },
  {
    name: 'T11: what was closed cannot be captured',
    file: 'shared/payments/store.ts',
    code: '{ only: uncapturedStates }',
    becomes: "{ only: ['created', 'pending', 'failed'] }",
  },
  {
    name: 'T12: not-exist counts as closed at once',
    file: 'shared/paying/decide-settle.ts',
    code: "(known?.state === 'not-exist' && now >= plusSeconds(expiresAt, notExistMarginSeconds))",
    becomes: "(known?.state === 'not-exist' && now < plusSeconds(expiresAt, 86_400 * notExistMarginSeconds))",
  },
  {
    name: 'T13: the order has no paidBy',
    file: 'shared/orders/transitions-store.ts',
    code: "    condition: ['attribute_not_exists(paidBy)'],\n    set: { paidBy },\n  }),",
    becomes: "    condition: ['attribute_not_exists(paidBy)'],\n    set: { refundedFor: paidBy },\n  }),",
  },
  {
    name: 'T14: a second payment is kept',
    file: 'shared/paying/apply-payment.ts',
    code: '      return refundSurplus(dependencies, decided.payment, decided.refundFor);',
    becomes:
      "      return refundSurplus === undefined ? never(decided) : accepted({ now: 'nothing-to-apply' });",
  },
  {
    name: 'a refund is sent again under a fresh number',
    file: 'shared/paying/submit-refund.ts',
    code: 'provider.refund(payment, sent)',
    becomes:
      'provider.refund(payment, { ...sent, refundNumber: `${sent.refundNumber}${sent.attempts || ""}` })',
  },
  {
    name: 'a refund is sent again within the terms of its provider',
    file: 'shared/payments/refunds-store.ts',
    code: 'OR sentAt <= :sentBefore',
    becomes: 'OR sentAt <= :sentBefore OR sentAt > :sentBefore',
    test: 'tests/integration/refund-terms.test.ts',
  },
  {
    name: 'T21: an answer from before the provider’s news confirms a refund',
    file: 'shared/payments/refunds-store.ts',
    code: "noticedAt === undefined ? 'attribute_not_exists(noticedAt)'",
    becomes: "noticedAt === undefined ? 'attribute_exists(pk)'",
    test: 'tests/integration/guards/refunds.test.ts',
  },
  {
    name: 'T39: a refund that failed after it was back is not owed again',
    file: 'shared/paying/decide-refund.ts',
    code: "if (answer.state === 'failed') return decideReturn(refund, answer.why, now)",
    becomes: "if (answer.state === 'not-exist') return decideReturn(refund, 'gone', now)",
    test: 'tests/integration/refund-terms.test.ts',
  },
  {
    name: 'T39: what was paid twice and came back once stays overpaid',
    file: 'shared/paying/decide-refund.ts',
    code: "if (refund.state === 'settled' || isPaidTwice(refund))\n",
    becomes:
      "if (refund.state === 'settled' || isPaidTwice(refund)) return { write: 'ask-again', again: undefined };\n  if (refund.amount.amount < 0)\n",
    test: paidWays,
  },
  {
    name: 'T39: what comes back from under the hands of one person is free for another',
    file: 'shared/payments/settling-store.ts',
    code: "const to = settledBy === undefined ? 'failed' : 'settling';",
    becomes: "const to = 'failed';",
    test: paidWays,
  },
  {
    name: 'T21: of two parts that are back at once, the payment counts one',
    file: 'shared/payments/store.ts',
    code: "'attribute_not_exists(paidBack)' : 'paidBack = :seen'",
    becomes: "'attribute_exists(pk)' : 'paidBack <= :seen OR paidBack > :seen'",
    test: 'tests/integration/guards/payments.test.ts',
  },
  {
    name: 'T21: a payment is refunded while a part of it is under way',
    file: 'shared/payments/rules.ts',
    code: "return paidBack < takenOf(payment).amount ? 'partlyRefunded' : 'refunded';",
    becomes: "return payment.refundable > 0 ? 'partlyRefunded' : 'refunded';",
    test: 'tests/integration/give-refund.test.ts',
  },
  {
    name: 'T40: money is given of an order that is leaving',
    file: 'shared/orders/grant-store.ts',
    code: "'size(history) = :seen', staysOn.condition),",
    becomes: "'size(history) = :seen', 'attribute_exists(pk) OR attribute_exists(#ttl)'),",
    test: 'tests/integration/give-years-later.test.ts',
  },
  {
    name: 'the journal does not hear of a capture',
    file: 'shared/paying/record-notification.ts',
    code: 'putEntry(bookings, captureEntry(payment, payment.amount, now)) },',
    becomes:
      'putEntry(bookings, { ...captureEntry(payment, payment.amount, now), orderId: `${payment.orderId.slice(0, -1)}0` as typeof payment.orderId }) },',
  },
  {
    name: 'a payment has no deadline of its own',
    file: 'shared/payments/store.ts',
    code: '...dueOf(payment.orderId, plusSeconds(payment.createdAt, 60)),',
    becomes: '',
  },
];
