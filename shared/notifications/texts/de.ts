import type { Texts } from './en.ts';

export const de: Texts = {
  'subject.order-held': 'Bitte bis {until} bezahlen: {trip} {from} – {to}',
  'subject.order-issued': 'Ihre Fahrkarten: {trip} {from} – {to}, {date}',
  'subject.order-disrupted':
    '{reason, select, delayed {Verspätung: {trip}} stop {{trip} hält nicht an Ihrer Haltestelle:} other {Ausfall: {trip}}} {from} – {to}, {date}',
  'subject.tickets-refunded':
    '{count, plural, one {Fahrkarte storniert} other {# Fahrkarten storniert}}: {trip} {from} – {to}, {date}',
  'subject.order-expired': 'Ihre Plätze sind wieder frei: {trip} {from} – {to}',
  'subject.order-cancelled': 'Bestellung storniert: {trip} {from} – {to}',
  'subject.order-refunded': 'Erstattung von {amount}: {trip} {from} – {to}',
  'subject.order-refund-granted': 'Erstattung von {amount}: {trip} {from} – {to}',
  'title.order-held': 'Ihre Plätze sind reserviert',
  'title.order-issued': '{count, plural, one {Ihre Fahrkarte} other {Ihre # Fahrkarten}}',
  'title.order-disrupted':
    '{reason, select, delayed {{trip} hat Verspätung} stop {{trip} hält nicht an Ihrer Haltestelle} other {{trip} fällt aus}}',
  'title.tickets-refunded':
    '{count, plural, one {Ihre Fahrkarte ist storniert} other {Ihre # Fahrkarten sind storniert}}',
  'title.order-expired': 'Ihre Bestellung ist abgelaufen',
  'title.order-cancelled': 'Bestellung storniert',
  'title.order-refunded': 'Ihr Geld ist unterwegs',
  'title.order-refund-granted': 'Sie erhalten Geld zurück',
  'lead.order-held':
    'Wir halten {count, plural, one {einen Platz} other {# Plätze}} bis {until} für Sie frei. Bitte bezahlen Sie bis dahin; danach {count, plural, one {geben wir den Platz} other {geben wir die Plätze}} wieder frei.',
  'lead.order-issued':
    'Vielen Dank. Zeigen Sie beim Einstieg diesen Code vor, auf Papier oder auf dem Telefon, und bringen Sie den Ausweis mit, der auf der Fahrkarte steht.',
  'lead.order-issued.without-document':
    'Vielen Dank. Zeigen Sie beim Einstieg diesen Code vor, auf Papier oder auf dem Telefon.',
  'lead.order-disrupted.run-cancelled':
    'Es tut uns leid: {trip} am {date} fällt aus. Bis {chooseBy} können Sie {count, plural, one {Ihre Fahrkarte} other {Ihre Fahrkarten}} kostenlos zurückgeben oder auf eine andere Fahrt umbuchen. Wenn Sie nichts tun, erstatten wir danach den vollen Preis.',
  'lead.order-disrupted.stop-cancelled':
    'Es tut uns leid: {trip} am {date} hält nicht dort, wo Sie ein- oder aussteigen. Bis {chooseBy} können Sie {count, plural, one {Ihre Fahrkarte} other {Ihre Fahrkarten}} kostenlos zurückgeben oder auf eine andere Fahrt umbuchen. Wenn Sie nichts tun, erstatten wir danach den vollen Preis.',
  'lead.order-disrupted.delayed':
    'Es tut uns leid: {trip} fährt in {from} etwa {minutes} Minuten später ab. {count, plural, one {Ihre Fahrkarte bleibt} other {Ihre Fahrkarten bleiben}} gültig. Wenn Sie nicht mehr reisen möchten, können Sie {count, plural, one {sie} other {sie}} bis {chooseBy} kostenlos zurückgeben oder auf eine andere Fahrt umbuchen.',
  'lead.tickets-refunded':
    'Sie haben {count, plural, one {diese Fahrkarte zurückgegeben; sie gilt} other {diese Fahrkarten zurückgegeben; sie gelten}} nicht mehr. Wir erstatten {amount} auf dem Weg, auf dem Sie bezahlt haben; bei manchen Banken dauert die Gutschrift einige Tage. {fee} haben wir als Gebühr einbehalten.',
  'lead.tickets-refunded.without-fee':
    'Sie haben {count, plural, one {diese Fahrkarte zurückgegeben; sie gilt} other {diese Fahrkarten zurückgegeben; sie gelten}} nicht mehr. Wir erstatten den vollen Betrag von {amount} auf dem Weg, auf dem Sie bezahlt haben; bei manchen Banken dauert die Gutschrift einige Tage.',
  'lead.tickets-refunded.nothing':
    'Sie haben {count, plural, one {diese Fahrkarte zurückgegeben; sie gilt} other {diese Fahrkarten zurückgegeben; sie gelten}} nicht mehr. Wie in unserem Angebot angegeben, wird dafür nichts erstattet.',
  'lead.tickets-refunded.by-default':
    'Wir konnten Sie nicht wie versprochen befördern, und die Zeit für Ihre Wahl ist vorbei. {count, plural, one {Diese Fahrkarte gilt} other {Diese Fahrkarten gelten}} nicht mehr. Wir erstatten den vollen Betrag von {amount} auf dem Weg, auf dem Sie bezahlt haben; bei manchen Banken dauert die Gutschrift einige Tage.',
  'lead.order-expired':
    'Ihre Zahlung ist nicht rechtzeitig eingegangen, deshalb haben wir {count, plural, one {den Platz} other {die Plätze}} wieder freigegeben. Es wurde nichts abgebucht. Geht Ihre Zahlung noch ein, erhalten Sie {count, plural, one {denselben Platz, sofern er} other {dieselben Plätze, sofern sie}} noch frei {count, plural, one {ist} other {sind}}, oder den vollen Betrag zurück.',
  'lead.order-cancelled':
    'Ihre Bestellung wurde vor der Bezahlung storniert, deshalb haben wir {count, plural, one {den Platz} other {die Plätze}} wieder freigegeben. Es wurde nichts abgebucht.',
  'lead.order-refunded':
    'Es tut uns leid: Die Plätze, die Sie bezahlt haben, konnten wir Ihnen nicht geben. Wir haben {amount} auf dem Weg erstattet, auf dem Sie bezahlt haben; bei manchen Banken dauert die Gutschrift einige Tage.',
  'lead.order-refunded.departed':
    'Ihre Zahlung ist eingegangen, als {trip} in {from} bereits abgefahren war, deshalb konnten wir keine Fahrkarte ausstellen. Wir haben den vollen Betrag von {amount} auf dem Weg erstattet, auf dem Sie bezahlt haben; bei manchen Banken dauert die Gutschrift einige Tage.',
  'lead.order-refunded.run-gone':
    'Ihre Zahlung ist eingegangen, als Ihre Bestellung bereits abgelaufen war, und {trip} ab {from} fährt nicht mehr, deshalb konnten wir keine Fahrkarte ausstellen. Wir haben den vollen Betrag von {amount} auf dem Weg erstattet, auf dem Sie bezahlt haben; bei manchen Banken dauert die Gutschrift einige Tage.',
  'lead.order-held.exchange':
    'Wir halten {count, plural, one {einen Platz} other {# Plätze}} für Ihren Umtausch bis {until} frei. {count, plural, one {Ihre bisherige Fahrkarte gilt} other {Ihre bisherigen Fahrkarten gelten}}, bis Sie die Differenz bezahlt haben.',
  'lead.order-issued.exchange':
    'Ihr Umtausch ist abgeschlossen: {count, plural, one {Diese Fahrkarte ersetzt Ihre bisherige, die} other {Diese Fahrkarten ersetzen Ihre bisherigen, die}} nicht mehr {count, plural, one {gilt} other {gelten}}. Zeigen Sie beim Einstieg den neuen Code vor, auf Papier oder auf dem Telefon.',
  'lead.order-issued.exchange-cheaper':
    'Ihr Umtausch ist abgeschlossen: {count, plural, one {Diese Fahrkarte ersetzt Ihre bisherige, die} other {Diese Fahrkarten ersetzen Ihre bisherigen, die}} nicht mehr {count, plural, one {gilt} other {gelten}}. Die Differenz von {amount} erstatten wir auf dem Weg, auf dem Sie bezahlt haben; bei manchen Banken dauert die Gutschrift einige Tage. Zeigen Sie beim Einstieg den neuen Code vor, auf Papier oder auf dem Telefon.',
  'lead.order-expired.exchange':
    'Der Umtausch wurde nicht rechtzeitig abgeschlossen, deshalb haben wir {count, plural, one {den neuen Platz} other {die neuen Plätze}} wieder freigegeben. Es wurde nichts abgebucht, und {count, plural, one {Ihre bisherige Fahrkarte bleibt} other {Ihre bisherigen Fahrkarten bleiben}} gültig. Geht noch eine Zahlung dafür ein, schließen wir den Umtausch ab, sofern das möglich ist, oder erstatten den vollen Betrag.',
  'lead.order-cancelled.exchange':
    'Sie haben den Umtausch abgebrochen, deshalb haben wir {count, plural, one {den neuen Platz} other {die neuen Plätze}} wieder freigegeben. Es wurde nichts abgebucht, und {count, plural, one {Ihre bisherige Fahrkarte bleibt} other {Ihre bisherigen Fahrkarten bleiben}} gültig.',
  'lead.order-refunded.exchange':
    'Es tut uns leid: Ihren Umtausch konnten wir nicht abschließen. Wir haben {amount} auf dem Weg erstattet, auf dem Sie bezahlt haben; bei manchen Banken dauert die Gutschrift einige Tage. {count, plural, one {Ihre bisherige Fahrkarte bleibt} other {Ihre bisherigen Fahrkarten bleiben}}, wie {count, plural, one {sie war} other {sie waren}}.',
  'lead.order-refunded.ticket-gone':
    'Ihren Umtausch konnten wir nicht abschließen, weil eine Fahrkarte, die Sie umtauschen wollten, nicht mehr gilt. Wir haben {amount} auf dem Weg erstattet, auf dem Sie bezahlt haben; bei manchen Banken dauert die Gutschrift einige Tage.',
  'lead.order-refund-granted':
    'Von Ihrer Zahlung für diese Fahrt erstatten wir Ihnen {amount} auf dem Weg, auf dem Sie bezahlt haben; bei manchen Banken dauert die Gutschrift einige Tage. {count, plural, one {Ihre Fahrkarte bleibt} other {Ihre Fahrkarten bleiben}} gültig.',
  place: 'Wagen {coach}, Platz {seat}',
  placeWithoutNumber: 'Wagen {coach}, freie Platzwahl',
  onLap: 'mit {name} auf dem Schoß ({details})',
  placeThen: '{place}; ab {stop}: {next}',
  ticketNumber: 'Fahrkarte {ticketId}',
  codeFor: 'Code der Fahrkarte für {name}',
  'total.order-held': 'Zu zahlen',
  'total.order-issued': 'Bezahlt',
  'total.order-issued.exchange-cheaper': 'Erstattung',
  'total.order-disrupted': 'Bezahlt',
  'total.tickets-refunded': 'Erstattung',
  'total.order-expired': 'Nicht abgebucht',
  'total.order-cancelled': 'Nicht abgebucht',
  'total.order-refunded': 'Erstattet',
  'total.order-refund-granted': 'Erstattet',
  payBy: 'Zahlbar bis',
  orderNumber: 'Bestellung {orderId}',
  localTimes: 'Alle Zeiten sind Ortszeiten der Haltestellen.',
  automatic: 'Diese Nachricht wurde automatisch verschickt. Bitte antworten Sie nicht darauf.',
  dayShift: '+{days, plural, one {# Tag} other {# Tage}}',
  calendarPlace: 'Wagen {coach}, Platz {seat}, {class}',
  calendarPlaceWithoutNumber: 'Wagen {coach}, freie Platzwahl, {class}',
  'class.business': 'Business',
  'class.first': 'Erste Klasse',
  'class.second': 'Zweite Klasse',
  'class.standard': 'Standard',
  'class.economy': 'Economy',
  'class.sleeper': 'Schlafwagen',
};
