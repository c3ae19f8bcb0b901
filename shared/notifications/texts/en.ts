/** Every text a message can hold, in ICU message format. Other languages have the same keys, or do not compile. */
export const en = {
  'subject.order-held': 'Please pay by {until}: {trip} {from} to {to}',
  'subject.order-issued': 'Your tickets: {trip} {from} to {to}, {date}',
  'subject.order-expired': 'Your seats have been given back: {trip} {from} to {to}',
  'subject.order-cancelled': 'Order cancelled: {trip} {from} to {to}',
  'subject.order-refunded': 'Refund of {amount}: {trip} {from} to {to}',
  'title.order-held': 'Your seats are held',
  'title.order-issued': '{count, plural, one {Your ticket} other {Your # tickets}}',
  'title.order-expired': 'The hold has ended',
  'title.order-cancelled': 'Order cancelled',
  'title.order-refunded': 'Your money is on its way',
  'lead.order-held':
    '{count, plural, one {One seat is} other {# seats are}} held for you until {until}. Please pay before then; afterwards the {count, plural, one {seat goes} other {seats go}} back on sale.',
  'lead.order-issued':
    'Thank you. Show the code at the gate; the screen of a phone will do. Please bring the document that is named on the ticket.',
  'lead.order-expired':
    'No payment arrived in time, so the {count, plural, one {seat is} other {seats are}} back on sale. You have not been charged. If a payment of yours arrives later, it will be refunded in full or, if the same seats are still free, buy them after all.',
  'lead.order-cancelled': 'The order was cancelled before it was paid, and the seats are back on sale.',
  'lead.order-refunded':
    'We could not give you the seats you paid for. {amount} has been returned the way it was paid; some banks take a few days to show it.',
  'lead.order-refunded.departed':
    'Your payment reached us when {trip} had already left {from}, so we could not give you a ticket. {amount} has been returned in full, the way it was paid; some banks take a few days to show it.',
  'lead.order-refunded.run-gone':
    'Your payment reached us after the hold had ended, and {trip} from {from} is not in the timetable any more, so we could not give you a ticket. {amount} has been returned in full, the way it was paid; some banks take a few days to show it.',
  place: 'Coach {coach}, seat {seat}',
  placeWithoutNumber: 'Coach {coach}, no seat number',
  ticketNumber: 'Ticket {ticketId}',
  codeFor: 'Ticket code of {name}',
  'total.order-held': 'To pay',
  'total.order-issued': 'Paid',
  'total.order-expired': 'Not charged',
  'total.order-cancelled': 'Not charged',
  'total.order-refunded': 'Refunded',
  payBy: 'Pay by',
  orderNumber: 'Order {orderId}',
  localTimes: 'Times are local times of the stops.',
  automatic: 'This message was written by a machine; nobody reads answers to it.',
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
