import type { PlantedFault } from './model.ts';

const world = ['--gate', '--back'] as const;

/** What lets each passenger in once. */
export const gateFaults: readonly PlantedFault[] = [
  {
    name: 'T41: a ticket that was used is used again',
    file: 'shared/tickets/check-in-store.ts',
    code: "    onlyIf: [wayTo(ticketTransitions, 'checkedIn')],",
    becomes: "    onlyIf: [wayTo(ticketTransitions, 'checkedIn', { orAlready: true })],",
    world,
  },
  {
    name: 'T41: the use of another gate is taken for one’s own',
    file: 'shared/check-ins/check-in.ts',
    code: "  ticket?.state === 'checkedIn' && ticket.checkIn.useId === useId",
    becomes: "  ticket?.state === 'checkedIn' && (ticket.checkIn.useId === useId || useId.length > 0)",
    world,
  },
  {
    name: 'a second use that a gate tells is not reported',
    file: 'shared/check-ins/sync-uses.ts',
    code: '  await putWrongUse(bookings, { ticketId, ...use, reason, ...(firstUse && { firstUse }) });',
    becomes:
      "  if (reason !== 'already-checked-in') await putWrongUse(bookings, { ticketId, ...use, reason, ...(firstUse && { firstUse }) });",
    world,
  },
  {
    name: 'T19: a ticket that was used meanwhile goes back',
    file: 'shared/tickets/model.ts',
    code: '  checkedIn: [],',
    becomes: "  checkedIn: ['refunded'],",
    also: [
      {
        file: 'shared/tickets/check-in-store.ts',
        code: 'checkIn = :checkIn REMOVE openOffer',
        becomes: 'checkIn = :checkIn',
      },
    ],
    test: 'tests/integration/gate/races.test.ts',
  },
  {
    name: 'a ticket that ended is not on the list of gates',
    file: 'shared/after-sale/make-offer.ts',
    code: "    { label: 'offered', write: noteOffered(bookings, runId, { offerId, itemIds }) },",
    becomes:
      "    { label: 'offered', write: noteOffered(bookings, runId, { offerId, itemIds: itemIds.slice(0, 1) }) },",
    test: 'tests/integration/gate/manifest.test.ts',
  },
];
