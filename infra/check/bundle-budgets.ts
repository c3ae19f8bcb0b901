/**
 * The most that a function's bundle may weigh, in KB. A group has one budget; a function that needs more, or that answers
 * people and should stay light, has its own line.
 */
export const budgets: {
  groups: Readonly<Record<string, number>>;
  functions: Readonly<Record<string, number>>;
} = {
  groups: { api: 825, 'payment-callbacks': 750, workflow: 850, events: 800, schedule: 900 },
  functions: {
    'api/about/health': 250,
    'api/about/not-found': 250,
    'api/about/greet': 275,
    // It serves the viewer of the API’s description, which has 1.7 MB.
    'api/about/docs': 2200,
    'api/timetable/find-stops': 700,
    'api/timetable/search-journeys': 750,
    // It closes payments at every provider, and applies money that it finds there; its seats go to the waitlist.
    'api/orders/cancel-order': 850,
    // It finishes whatever somebody began: purchases, refunds, imports, jobs of disruptions, entries of the waitlist.
    'schedule/clean-up': 975,
    // It renders the page of a ticket into the mail.
    'events/send-email': 950,
  },
};
