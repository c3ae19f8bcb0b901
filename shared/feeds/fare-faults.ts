/* Why we do not sell a fare of a feed, in the words that both versions of GTFS fares share. `kind` is for programs. */

export const strangeFault = (column: string, value: string) => ({
  kind: 'fare-column',
  reason: `has ${value} in the column ${column}, which Keyun does not know and which may narrow for whom, where or when the fare applies`,
});

export const currencyFault = (text: string, currency: string) => ({
  kind: 'fare-currency',
  reason: `is in ${text || 'no currency'}, and this carrier sells in ${currency}`,
});

export const priceFault = (text: string, currency: string) => ({
  kind: 'fare-price',
  reason: `${text || 'an empty price'} is not a clear amount of ${currency}`,
});

export const freeFault = {
  kind: 'fare-free',
  reason: 'costs nothing: only --allow-free accepts such a fare',
};
