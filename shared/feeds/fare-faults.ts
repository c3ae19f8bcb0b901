/* Why a fare of a feed is not sold, in the words that both versions of GTFS fares share. `kind` is for programs. */

export const strangeFault = (column: string, value: string) => ({
  kind: 'fare-column',
  reason: `has ${value} in the column ${column}, which may narrow for whom, where or when it holds and is not known here`,
});

export const currencyFault = (text: string, currency: string) => ({
  kind: 'fare-currency',
  reason: `is in ${text || 'no currency'}, and this carrier sells in ${currency}`,
});

export const priceFault = (text: string, currency: string) => ({
  kind: 'fare-price',
  reason: `${text || 'an empty price'} is not, or not for certain, an amount of ${currency}`,
});

export const freeFault = {
  kind: 'fare-free',
  reason: 'costs nothing, which only --allow-free takes for a fare',
};
