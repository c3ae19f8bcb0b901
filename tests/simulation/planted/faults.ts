/** A deliberate fault: the exact text that is replaced in one file of the product. */
export type PlantedFault = {
  name: string;
  file: string;
  code: string;
  becomes: string;
  /** Options for the worlds in which it is likely to show; others would take hundreds of seeds. */
  world?: readonly string[];
};

/**
 * Each takes away something that the protocol needs (docs/ARCHITECTURE.md, "Transitions"), by the name of the row. A
 * simulation that does not catch one of them lacks an actor, a fault or an invariant.
 */
export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'T1: a piece need not be free',
    file: 'shared/inventory/store.ts',
    code: '...consumed.map((name) => `${alias(name)}=:f`),',
    becomes: '...consumed.map((name) => `(${alias(name)}=:f OR NOT pk=:f)`),',
  },
  {
    name: 'T1: a piece is absent instead of free',
    file: 'shared/inventory/store.ts',
    code: '...consumed.map((name) => `${alias(name)}=:f`),',
    becomes:
      "'NOT pk=:f', ...owned.filter((name) => !consumed.includes(name)).map((name) => `attribute_not_exists(${alias(name)})`),",
  },
  {
    name: 'T1: an untouched shard is written over',
    file: 'shared/inventory/store.ts',
    code: "        ConditionExpression: 'attribute_not_exists(pk)',\n",
    becomes: '',
  },
  {
    name: 'every try has the same nonce, and no time',
    file: 'shared/inventory/owner.ts',
    code: 'Buffer.concat([bytesOfUlid(orderId), nonce, second])',
    becomes: 'Buffer.concat([bytesOfUlid(orderId), Buffer.alloc(8)])',
  },
  {
    name: 'T2: claims are not added',
    file: 'shared/purchase/commit-order.ts',
    code: "...putClaims(bookings, claims, wishes).map((write) => ({ label: 'claim' as const, write })),",
    becomes: '',
  },
  {
    name: 'T2: a claim does not look for another',
    file: 'shared/purchase/commit-order.ts',
    code: 'if (wishes.some((each) => isClaimed(claims, each)))',
    becomes: 'if (wishes.some((each) => isClaimed([], each)))',
  },
  {
    name: 'T2: no two journeys overlap',
    file: 'shared/orders/rules.ts',
    code: 'a.from < b.to && b.from < a.to;',
    becomes: 'a.from < b.to && b.from < a.to && a.from === "never";',
  },
  {
    name: "T2: claims written over another's",
    file: 'shared/orders/claims-store.ts',
    code: "ConditionExpression: allOf(version === 0 ? 'attribute_not_exists(pk)' : 'version = :version'),\n      ...(version > 0 && { ExpressionAttributeValues: { ':version': version } }),",
    becomes: '',
  },
  {
    name: 'T2: orders that ended are not checked in the commit',
    file: 'shared/orders/counts-store.ts',
    code: 'limit: endedOrdersPerDayMax, more: 1 }',
    becomes: 'limit: endedOrdersPerDayMax, more: -99 }',
    world: ['--tight', '--slow'],
  },
  {
    name: 'T2: seats on the run are not checked in the commit',
    file: 'shared/orders/counts-store.ts',
    code: 'limit: seatsPerRunMax, more: seats }',
    becomes: 'limit: seatsPerRunMax, more: seats - 99 }',
    world: ['--tight', '--slow'],
  },
  {
    name: 'T3: nothing is voided after an unknown commit',
    file: 'shared/purchase/commit-order.ts',
    code: 'const stands = await voidOrder(bookings, order.orderId, clock());',
    becomes:
      'const { readOrder } = await import("../orders/store.ts"); const stands = clock() && (await readOrder(bookings, order.orderId, { consistent: true }));',
  },
  {
    name: 'T3: a void order may still be committed',
    file: 'shared/orders/store.ts',
    code: "      ...dueOf(order.orderId, order.expiresAt),\n    },\n    ConditionExpression: 'attribute_not_exists(pk)',",
    becomes: '      ...dueOf(order.orderId, order.expiresAt),\n    },',
  },
  {
    name: 'T4: whose piece it is does not matter',
    file: 'shared/inventory/store.ts',
    code: "ConditionExpression: allOf('#piece = :owner'),",
    becomes:
      "ConditionExpression: allOf('attribute_exists(#piece) AND NOT #piece = :free OR #piece = :owner'),",
    world: ['--kinds', 'freeze-before,lost-request'],
  },
  {
    name: 'T6: the order need not be held',
    file: 'shared/orders/transitions-store.ts',
    code: "ConditionExpression: allOf('#state = :held', 'expiresAt > :now'),",
    becomes: "ConditionExpression: allOf('NOT #state = :held OR expiresAt > :now'),",
  },
  {
    name: 'T7: payments are not checked',
    file: 'shared/purchase/end-order.ts',
    code: "    ...payments.map((payment) => ({ label: 'payment', write: checkSettled(bookings, payment) })),\n",
    becomes: '',
    world: ['--kinds', 'sent-twice', '--late', '--slow'],
  },
  {
    name: 'T8: released before the payments are closed',
    file: 'shared/purchase/end-order.ts',
    code: 'if (payments.some(isUnfinished) && !graceIsOver) {',
    becomes: 'if (payments.some(isUnfinished) && !graceIsOver && !payments[0]) {',
  },
  {
    name: 'T8: claims stay',
    file: 'shared/purchase/end-order.ts',
    code: "...removeClaims(bookings, claimsOf(order)).map((write) => ({ label: 'claim', write })),",
    becomes: '',
  },
  {
    name: 'T8: the count of open orders stays',
    file: 'shared/purchase/end-order.ts',
    code: "{ label: 'count', write: countEnded(bookings, order) },",
    becomes: '',
  },
  {
    name: 'T8: an ended order is counted after it has ended',
    file: 'shared/purchase/end-order.ts',
    code: "{ label: 'count', write: countEnded(bookings, order) },\n    ]);",
    becomes:
      "]);\n    await writeTogether(bookings.client, [{ label: 'count', write: countEnded(bookings, order) }]);",
  },
  {
    name: 'T8: an ended order counts on the day of T8',
    file: 'shared/purchase/end-order.ts',
    code: 'countEnded(bookings, order)',
    becomes:
      "countEnded(bookings, { ...order, endsOn: (await import('../platform/time.ts')).localDateOf(clock(), 'Atlantic/Azores') })",
    world: ['--slow'],
  },
  {
    name: 'T8: the seats of the user stay',
    file: 'shared/orders/counts-store.ts',
    code: 'openOrders: -1, ...seatsOf(order, -1), ...endedOf(order, 1)',
    becomes: 'openOrders: -1, ...endedOf(order, 1)',
  },
  {
    name: 'T8: the pieces stay',
    file: 'shared/purchase/end-order.ts',
    code: '      itemsOf(order).map(({ place }) => place),\n',
    becomes: '      itemsOf(order).flatMap(({ place }) => (place ? [] : [place])),\n',
  },
  {
    name: 'T9: an order may be paid already',
    file: 'shared/orders/transitions-store.ts',
    code: "condition: ['#state IN (:held, :closing)', 'attribute_not_exists(paidBy)'],\n    values: { ':held': 'held', ':closing': 'closing' },",
    becomes: "condition: ['attribute_exists(#state)'],",
    world: ['--slow'],
  },
  {
    name: 'T9: the payment is not marked as applied',
    file: 'shared/payments/store.ts',
    code: 'SET appliedAt = :now REMOVE dueShard, dueAt, ${removeAttention}',
    becomes: 'SET touchedAt = :now REMOVE dueShard, dueAt, ${removeAttention}',
  },
  {
    name: 'T9: the count of open orders stays',
    file: 'shared/purchase/apply-payment.ts',
    code: "{ label: 'count', write: countPaid(bookings, order) },",
    becomes: '',
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
    file: 'shared/purchase/apply-payment.ts',
    code: 'const fenced = await fenceOwner(bookings, order.orderId, owner, Object.keys(order.items));\n    if (!fenced) return',
    becomes: 'const fenced: boolean = await Promise.resolve(Boolean(bookings));\n    if (!fenced) return',
    world: ['--kinds', 'lands-later', '--late'],
  },
  {
    name: 'T10: what was counted as ended is not given back',
    file: 'shared/orders/counts-store.ts',
    code: '...seatsOf(order, 1), ...endedOf(order, -1)',
    becomes: '...seatsOf(order, 1)',
    world: ['--late'],
  },
  {
    name: 'T10: the seats of the user are not counted again',
    file: 'shared/orders/counts-store.ts',
    code: '...seatsOf(order, 1), ...endedOf(order, -1)',
    becomes: 'openOrders: 0, ...endedOf(order, -1)',
    world: ['--late'],
  },
  {
    name: 'T10: the order keeps the day it counted on',
    file: 'shared/orders/transitions-store.ts',
    code: "dueAt: plusSeconds(now, issueWithinSeconds),\n      remove: ['endsOn'],",
    becomes: 'dueAt: plusSeconds(now, issueWithinSeconds),',
    world: ['--late'],
  },
  {
    name: 'T10: claims are not made again',
    file: 'shared/purchase/apply-payment.ts',
    code: "...putClaims(bookings, claims, wishes).map((write) => ({ label: 'claim', write })),",
    becomes: '',
  },
  {
    name: 'T11: what was closed cannot be captured',
    file: 'shared/payments/store.ts',
    code: "ConditionExpression: allOf('#state IN (:created, :pending, :failed, :closed)'),",
    becomes:
      "ConditionExpression: allOf('#state IN (:created, :pending, :failed) AND NOT #state = :closed'),",
  },
  {
    name: 'T12: not-exist counts as closed at once',
    file: 'shared/purchase/settle-payment.ts',
    code: 'if (clock() < plusSeconds(payment.expiresAt, notExistMarginSeconds)) break;',
    becomes: 'if (clock() < plusSeconds(payment.createdAt, notExistMarginSeconds - 60)) break;',
  },
  {
    name: 'T13: the order has no paidBy',
    file: 'shared/orders/transitions-store.ts',
    code: "    values: { ':expired': 'expired', ':cancelled': 'cancelled' },\n    set: { paidBy },",
    becomes:
      "    values: { ':expired': 'expired', ':cancelled': 'cancelled' },\n    set: { refundedFor: paidBy },",
  },
  {
    name: 'T14: a second payment is kept',
    file: 'shared/purchase/apply-payment.ts',
    code: '      return refundSurplus(dependencies, order, payment);',
    becomes: "      return refundSurplus === undefined ? 'waiting' : 'nothing-to-apply';",
  },
  {
    name: 'T16: the seats of the user stay',
    file: 'shared/purchase/issue-order.ts',
    code: "{ label: 'count', write: countRefunded(bookings, order) },",
    becomes: '',
  },
  {
    name: 'a refund is sent again under a fresh number',
    file: 'shared/purchase/submit-refund.ts',
    code: 'return isSent ? await provider.refund(payment, refund) : known;',
    becomes:
      'return isSent ? await provider.refund(payment, { ...refund, refundNumber: `${refund.refundNumber}${refund.attempts || ""}` }) : known;',
  },
  {
    name: 'the journal does not hear of a capture',
    file: 'shared/purchase/record-notification.ts',
    code: "putEntry(bookings, captureEntry(payment, now)) },\n    ]);\n    if (outcome.outcome === 'written') return 'recorded';\n    await compareWithBooked(bookings, payment, says.paid, now);",
    becomes:
      "putEntry(bookings, { ...captureEntry(payment, now), orderId: `${payment.orderId.slice(0, -1)}0` as typeof payment.orderId }) },\n    ]);\n    if (outcome.outcome === 'written') return 'recorded';\n    await compareWithBooked(bookings, payment, says.paid, now);",
  },
  {
    name: 'a payment has no deadline of its own',
    file: 'shared/payments/store.ts',
    code: '...dueOf(payment.orderId, plusSeconds(payment.createdAt, 60)),',
    becomes: '',
  },
];
