/** Every text of a message, in ICU message format. Other languages must have the same keys to compile. */
export const en = {
  'subject.order-held': 'Please pay by {until}: {trip} {from} to {to}',
  'subject.order-issued': 'Your tickets: {trip} {from} to {to}, {date}',
  'subject.order-disrupted':
    '{reason, select, delayed {Delayed: {trip}} stop {{trip} does not call at your stop:} other {Cancelled: {trip}}} {from} to {to}, {date}',
  'subject.tickets-refunded':
    '{count, plural, one {Ticket cancelled} other {# tickets cancelled}}: {trip} {from} to {to}, {date}',
  'subject.order-expired': 'Your seats were released: {trip} {from} to {to}',
  'subject.order-cancelled': 'Order cancelled: {trip} {from} to {to}',
  'subject.order-refunded': 'Refund of {amount}: {trip} {from} to {to}',
  'subject.order-refund-granted': 'Refund of {amount}: {trip} {from} to {to}',
  'title.order-held': 'Your seats are held',
  'title.order-issued': '{count, plural, one {Your ticket} other {Your # tickets}}',
  'title.order-disrupted':
    '{reason, select, delayed {{trip} is delayed} stop {{trip} does not call at your stop} other {{trip} is cancelled}}',
  'title.tickets-refunded':
    '{count, plural, one {Your ticket is cancelled} other {Your # tickets are cancelled}}',
  'title.order-expired': 'Your order has expired',
  'title.order-cancelled': 'Order cancelled',
  'title.order-refunded': 'Your money is on its way',
  'title.order-refund-granted': 'We are giving you money back',
  'lead.order-held':
    'We are holding {count, plural, one {one seat} other {# seats}} for you until {until}. Please pay before then; after that we release the {count, plural, one {seat} other {seats}}.',
  'lead.order-issued':
    'Thank you. Show this code at the gate, on paper or on your phone, and bring the identity document shown on the ticket.',
  'lead.order-issued.without-document':
    'Thank you. Show this code when you board, on paper or on your phone.',
  'lead.order-disrupted.run-cancelled':
    'We are sorry: {trip} on {date} does not run. Until {chooseBy} you can give your {count, plural, one {ticket} other {tickets}} back, or change to another departure, without a fee. If you do nothing, we refund the full price after that.',
  'lead.order-disrupted.stop-cancelled':
    'We are sorry: {trip} on {date} does not call where you board or alight. Until {chooseBy} you can give your {count, plural, one {ticket} other {tickets}} back, or change to another departure, without a fee. If you do nothing, we refund the full price after that.',
  'lead.order-disrupted.delayed':
    'We are sorry: {trip} leaves {from} about {minutes} minutes late. Your {count, plural, one {ticket stays} other {tickets stay}} valid. If you no longer want to travel, you can give {count, plural, one {it} other {them}} back, or change to another departure, without a fee until {chooseBy}.',
  'lead.tickets-refunded':
    'You gave back the {count, plural, one {ticket below, and it is} other {tickets below, and they are}} no longer valid. We are refunding {amount} to your original payment method; some banks take a few days to show it. We kept a fee of {fee}.',
  'lead.tickets-refunded.without-fee':
    'You gave back the {count, plural, one {ticket below, and it is} other {tickets below, and they are}} no longer valid. We are refunding the full {amount} to your original payment method; some banks take a few days to show it.',
  'lead.tickets-refunded.nothing':
    'You gave back the {count, plural, one {ticket below, and it is} other {tickets below, and they are}} no longer valid. As our offer said, nothing is refunded for {count, plural, one {it} other {them}}.',
  'lead.tickets-refunded.by-default':
    'We could not carry you as we had promised, and the time to choose is over. The {count, plural, one {ticket below is} other {tickets below are}} no longer valid, and we are refunding the full {amount} to your original payment method; some banks take a few days to show it.',
  'lead.order-expired':
    'We did not receive your payment in time, so we released the {count, plural, one {seat} other {seats}}. You have not been charged. If your payment arrives later, we give you the same {count, plural, one {seat if it is} other {seats if they are}} still free, or refund you in full.',
  'lead.order-cancelled':
    'Your order was cancelled before payment, so we released the {count, plural, one {seat} other {seats}}. You have not been charged.',
  'lead.order-refunded':
    'We are sorry: we could not give you the seats you paid for. We have refunded {amount} to your original payment method; some banks take a few days to show it.',
  'lead.order-refunded.departed':
    'Your payment reached us when {trip} had already left {from}, so we could not issue a ticket. We have refunded the full {amount} to your original payment method; some banks take a few days to show it.',
  'lead.order-refunded.run-gone':
    'Your payment reached us after your order had expired, and {trip} from {from} no longer runs, so we could not issue a ticket. We have refunded the full {amount} to your original payment method; some banks take a few days to show it.',
  'lead.order-held.exchange':
    'We are holding {count, plural, one {one seat} other {# seats}} for your exchange until {until}. Your earlier {count, plural, one {ticket stays} other {tickets stay}} valid until you pay the difference.',
  'lead.order-issued.exchange':
    'Your exchange is done: {count, plural, one {this ticket replaces your earlier one, which is} other {these tickets replace your earlier ones, which are}} no longer valid. Show the new code at the gate, on paper or on your phone.',
  'lead.order-issued.exchange-cheaper':
    'Your exchange is done: {count, plural, one {this ticket replaces your earlier one, which is} other {these tickets replace your earlier ones, which are}} no longer valid. We are refunding the difference of {amount} to your original payment method; some banks take a few days to show it. Show the new code at the gate, on paper or on your phone.',
  'lead.order-expired.exchange':
    'The exchange was not completed in time, so we released the new {count, plural, one {seat} other {seats}}. You have not been charged, and your earlier {count, plural, one {ticket stays} other {tickets stay}} valid. If a payment for it arrives later, we complete the exchange if that is still possible, or refund you in full.',
  'lead.order-cancelled.exchange':
    'You cancelled the exchange, so we released the new {count, plural, one {seat} other {seats}}. You have not been charged, and your earlier {count, plural, one {ticket stays} other {tickets stay}} valid.',
  'lead.order-refunded.exchange':
    'We are sorry: we could not complete your exchange. We have refunded {amount} to your original payment method; some banks take a few days to show it. Your earlier {count, plural, one {ticket stays} other {tickets stay}} as before.',
  'lead.order-refunded.ticket-gone':
    'We could not complete your exchange, because a ticket that you wanted to exchange is no longer valid. We have refunded {amount} to your original payment method; some banks take a few days to show it.',
  'lead.order-refund-granted':
    'We are giving you back {amount} of what you paid for this journey, to your original payment method; some banks take a few days to show it. Your {count, plural, one {ticket stays} other {tickets stay}} valid.',
  place: 'Coach {coach}, seat {seat}',
  placeWithoutNumber: 'Coach {coach}, no seat number',
  onLap: 'with {name} on the lap ({details})',
  placeThen: '{place}; from {stop} on: {next}',
  ticketNumber: 'Ticket {ticketId}',
  codeFor: 'Ticket code for {name}',
  'total.order-held': 'To pay',
  'total.order-issued': 'Paid',
  'total.order-issued.exchange-cheaper': 'Refund',
  'total.order-disrupted': 'Paid',
  'total.tickets-refunded': 'Refund',
  'total.order-expired': 'Not charged',
  'total.order-cancelled': 'Not charged',
  'total.order-refunded': 'Refunded',
  'total.order-refund-granted': 'Refunded',
  payBy: 'Pay by',
  orderNumber: 'Order {orderId}',
  localTimes: 'All times are local to each stop.',
  automatic: 'This is an automatic message. Please do not reply.',
  dayShift: '+{days, plural, one {# day} other {# days}}',
  calendarPlace: 'Coach {coach}, seat {seat}, {class}',
  calendarPlaceWithoutNumber: 'Coach {coach}, no seat number, {class}',
  'class.business': 'Business class',
  'class.first': 'First class',
  'class.second': 'Second class',
  'class.standard': 'Standard',
  'class.economy': 'Economy',
  'class.sleeper': 'Sleeper',
};

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;
