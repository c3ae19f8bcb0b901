import type { PlantedFault } from './model.ts';

/** What keeps a seat from being sold twice or lost, and a passenger from travelling twice at one time. */
export const seatFaults: readonly PlantedFault[] = [
  {
    name: 'T1: a piece need not be free',
    file: 'shared/inventory/hold-store.ts',
    code: '...change.consumed.map(is),',
    becomes: '...change.consumed.map((piece) => `(${is(piece)} OR NOT pk=${valueAt(piece)})`),',
  },
  {
    name: 'T1: a piece is absent instead of free',
    file: 'shared/inventory/hold-store.ts',
    code: '...change.consumed.map(is),',
    becomes:
      '...change.consumed.map((piece) => `NOT pk=${valueAt(piece)}`), ...owned.filter((name) => !change.consumed.map(nameOfPiece).includes(name)).map((name) => `attribute_not_exists(${alias(name)})`),',
  },
  {
    name: 'T1: an untouched shard is written over',
    file: 'shared/inventory/hold-store.ts',
    code: "        ConditionExpression: allOf('attribute_not_exists(pk)'),\n",
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
    file: 'shared/selling/commit-order.ts',
    code: "...putClaims(bookings, claims, wishes).map((write) => ({ label: 'claim' as const, write })),",
    becomes: '',
  },
  {
    name: 'T2: a claim does not look for another',
    file: 'shared/selling/commit-order.ts',
    code: 'const free = decidePassengers(wishes, claims);',
    becomes: 'const free = decidePassengers(wishes, []);',
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
    name: 'T3: nothing is voided after an unknown commit',
    file: 'shared/selling/commit-order.ts',
    code: 'const voided = await voidOrder(bookings, order.orderId, clock());',
    becomes:
      'const { readOrder } = await import("../orders/store.ts"); const voided = { ...rejected("order-exists"), order: clock() && (await readOrder(bookings, order.orderId, { consistent: true })) } as Awaited<ReturnType<typeof voidOrder>>;',
  },
  {
    name: 'T3: a void order may still be committed',
    file: 'shared/orders/store.ts',
    code: "      ...dueOf(order.orderId, order.expiresAt),\n    },\n    ConditionExpression: allOf(wayTo(orderTransitions, 'held').condition),",
    becomes: '      ...dueOf(order.orderId, order.expiresAt),\n    },',
  },
  {
    name: 'T4: whose piece it is does not matter',
    file: 'shared/inventory/store.ts',
    code: "clause('#piece = :owner',",
    becomes: "clause('attribute_exists(#piece) AND NOT #piece = :free OR #piece = :owner',",
    world: ['--kinds', 'freeze-before,lost-request'],
  },
  {
    name: 'T7: released before the payments are closed',
    file: 'shared/selling/decide-end.ts',
    code: 'if (!payments.some(isUnfinished)) return accepted',
    becomes: 'if (payments.every(({ state }) => state)) return accepted',
  },
  {
    name: 'T7: the items of an order that gives up its seats live on',
    file: 'shared/orders/transitions-store.ts',
    code: "    items: everyItem(order, { state: 'releasing', releaseDue: now }),\n    dueAt: now,\n  });",
    becomes: '    dueAt: now,\n  });',
  },
  {
    name: 'an item keeps what its next state does not have',
    file: 'shared/orders/item-moves.ts',
    code: 'moves.remove.push(...fieldsLeft(state).map((field) => `${item}.${named(field)}`));',
    becomes:
      "moves.remove.push(...fieldsLeft(state).flatMap((field) => (field === '' ? [named(field)] : [])));",
  },
  {
    name: 'T8: claims stay',
    file: 'shared/selling/end-order.ts',
    code: 'writeAndFree(bookings, claimsOf(order), [',
    becomes: 'writeAndFree(bookings, claimsOf({ ...order, items: {} }), [',
  },
  {
    name: 'T8: the pieces stay',
    file: 'shared/selling/end-order.ts',
    code: 'releaseSeats(dependencies)(itemsOf(releasing).flatMap(placesOf)),',
    becomes: 'releaseSeats(dependencies)(itemsOf(releasing).flatMap((item) => placesOf(item).slice(2))),',
  },
  {
    name: 'a suspect is never judged',
    file: 'shared/upkeep/clean-up.ts',
    code: 'judge: (dependencies, { pk, sk }) => judgeSuspect(dependencies)(orderOfKey(pk), sk),',
    becomes: 'judge: () => Promise.resolve(judgeSuspect === undefined ? accepted({}) : accepted({})),',
    world: ['--kinds', 'crash-after,crash-before'],
  },
];
