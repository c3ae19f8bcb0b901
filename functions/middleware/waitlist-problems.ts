/** The problems of the waitlist, a part of those in problems.ts. */
export const waitlistProblems = {
  'no-waitlist': {
    status: 409,
    title: 'This carrier has no waitlist. Please choose another journey.',
  },
  'not-sold-out': {
    status: 409,
    title: 'There are seats for one of these journeys. Please book them now.',
  },
  'party-too-large': {
    status: 409,
    title:
      'This class has fewer seats than your party needs. Please choose another class, or ask in smaller groups.',
  },
  'waitlist-closed': {
    status: 409,
    title: 'It is too late to wait for one of these journeys. Please choose a later one.',
  },
  'passenger-on-waitlist': {
    status: 409,
    title:
      'One of these passengers is on your waitlist for this time already. Please withdraw that entry first, or choose another time.',
  },
  'too-many-entries': {
    status: 409,
    title:
      'You are on the waitlist too often already. Please withdraw one of your entries, and then try again.',
  },
  'entry-over': {
    status: 409,
    title: 'You no longer wait with this entry. Please open it to see what became of it.',
  },
} as const;
