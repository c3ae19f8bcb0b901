/** The problems of what comes after the sale, as problems.ts has the others. */
export const afterSaleProblems = {
  'nothing-to-pay': {
    status: 409,
    title: 'There is nothing to pay for this exchange. Please accept the offer instead.',
  },
  'order-not-issued': {
    status: 409,
    title: 'This order has no tickets. Please open the order to see its current state.',
  },
  'ticket-used': {
    status: 409,
    title:
      'A passenger has travelled on one of these tickets, so it cannot go back. Please choose the other tickets.',
  },
  'ticket-not-valid': {
    status: 409,
    title: 'One of these tickets is no longer valid. Please open the order to see its current state.',
  },
  'money-gone-back': {
    status: 409,
    title: 'Part of the money for this order has gone back already. Please contact us about the rest.',
  },
  'offer-open': {
    status: 409,
    title:
      'There is an offer for one of these tickets already. Please accept it, cancel the new order if it is an exchange, or wait until it has run out.',
  },
  'not-refundable': {
    status: 409,
    title: 'We do not refund these tickets. Please contact us if you cannot travel.',
  },
  'too-late-to-refund': {
    status: 409,
    title: 'It is too late to refund these tickets. Please contact us if you could not travel.',
  },
  'offer-used': {
    status: 409,
    title: 'You have accepted this offer already. Please open the order to see its current state.',
  },
  'offer-expired': {
    status: 409,
    title: 'This offer has run out. Please ask for a new one.',
  },
  'exchanged-before': {
    status: 409,
    title:
      'These tickets come from an exchange, and a ticket can be exchanged only once. You can still ask for a refund.',
  },
  'same-journey': {
    status: 409,
    title:
      'These tickets are for this journey already. Please choose another run, class or stop, or other seats.',
  },
  'too-many-tickets': {
    status: 409,
    title: 'We cannot exchange so many tickets of so long a journey at once. Please choose fewer tickets.',
  },
  'not-exchangeable': {
    status: 409,
    title: 'We do not exchange these tickets. Please ask for a refund and book again.',
  },
  'too-late-to-exchange': {
    status: 409,
    title: 'It is too late to exchange these tickets. Please contact us if you could not travel.',
  },
  'already-checked-in': {
    status: 409,
    title: 'This ticket has been used before. Look at where and when, and at the passenger’s document.',
  },
  'ticket-refunded': {
    status: 409,
    title: 'This ticket was given back for a refund, so it is not valid. The passenger needs a new one.',
  },
  'ticket-exchanged': {
    status: 409,
    title: 'This ticket was exchanged for another one. Please ask the passenger for the new ticket.',
  },
  'ticket-unknown': {
    status: 409,
    title: 'The code is genuine, but we have no such ticket. Please call the supervisor.',
  },
  'wrong-run': {
    status: 409,
    title: 'This ticket is for another train or day. Please show the passenger the way to the right one.',
  },
  'run-closed': {
    status: 409,
    title: 'This run does not operate. Please send the passenger to the service desk.',
  },
  'check-in-not-offered': {
    status: 409,
    title: 'This carrier has no rules for check-ins on this day. Please check tickets by eye.',
  },
  'wrong-stop': {
    status: 409,
    title: 'The passenger cannot board here with this ticket. Please look at the stop on the ticket.',
  },
  'too-early-to-board': {
    status: 409,
    title: 'The gate is not open for this run yet. Please ask the passenger to come back later.',
  },
  'too-late-to-board': {
    status: 409,
    title: 'The gate is closed for this run. Please send the passenger to the service desk.',
  },
  'run-over': {
    status: 409,
    title: 'This run has arrived already. Please check the run and its date.',
  },
  'run-not-running': {
    status: 409,
    title:
      'This run does not run, so it neither stops anywhere nor is late. Please check the run and its date.',
  },
  'no-disruption-rules': {
    status: 409,
    title:
      'The rules of the carrier do not say what passengers may do after a disruption. Please add the part disruption to these rules.',
  },
} as const;
