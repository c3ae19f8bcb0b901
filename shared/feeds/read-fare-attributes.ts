import type { GtfsFare } from './choose-fare.ts';
import { fareAmount } from './fare-amount.ts';
import { currencyFault, freeFault, priceFault, strangeFault } from './fare-faults.ts';
import { wholeNumber } from './fields.ts';
import type { FeedFiles } from './feed-files.ts';
import type { ProblemList } from './problems.ts';
import { readTable, type Row } from './read-table.ts';
import { strangeColumnOf } from './strange-column.ts';

const file = 'fare_attributes.txt';
const required = ['fare_id', 'price', 'currency_type'];
/** Fares of other passengers than adults; the carrier sets their share of the adult fare, whatever this column says. */
const pricesOfOthers = ['youth_price', 'senior_price'];
const known = new Set([
  ...required,
  'payment_method',
  'transfers',
  'agency_id',
  'transfer_duration',
  ...pricesOfOthers,
]);

export type FareContext = {
  files: FeedFiles;
  /** The carrier's currency. */
  currency: string;
  allowFree: boolean;
  /** The ids of the agencies of the feed. */
  agencies: ReadonlySet<string>;
  problems: ProblemList;
};

/** The fares of a feed by their ids, including those that we do not sell. */
export type GtfsFares = {
  fares: Map<string, GtfsFare>;
  /** A row has no id or is unreadable, so there is a fare that we know nothing about. */
  hasUnknown: boolean;
};

export const readFareAttributes = async (context: FareContext): Promise<GtfsFares> => {
  const { files, problems } = context;
  const fares = new Map<string, GtfsFare>();
  let [seen, hasNameless, hasPricesOfOthers] = [0, false, false];
  const onRow = (row: Row): void => {
    seen += 1;
    const { line, text } = row;
    hasPricesOfOthers ||= pricesOfOthers.some((column) => text(column) !== '');
    const fareId = text('fare_id');
    if (!fareId) {
      hasNameless = true;
      return problems.leaveOut('row', undefined, { kind: 'no-id', file, line, reason: 'fare_id is empty' });
    }
    const fare = fareOfRow(row, context);
    const first = fares.get(fareId);
    if (!first) return void fares.set(fareId, fare);
    if (JSON.stringify(first) === JSON.stringify(fare)) {
      const reason = `repeats the fare ${fareId}: it counts once`;
      return problems.warn({ kind: 'repeated-row', file, line, reason });
    }
    fares.set(fareId, { ...first, amount: 'not-understood' });
    const reason = 'contradicts a line before, which has the same fare_id';
    return problems.leaveOut('fare', fareId, { kind: 'fare-twice', file, line, reason });
  };
  const rows = await readTable({ file, required, mayBeEmpty: true }, await files.open(file), problems, onRow);
  if (hasPricesOfOthers) {
    const reason =
      'youth_price and senior_price are not read: such passengers pay their share of the adult fare';
    problems.warn({ kind: 'fare-riders', file, reason });
  }
  return { fares, hasUnknown: hasNameless || seen < rows };
};

const fareOfRow = (row: Row, context: FareContext): GtfsFare => {
  const { text, line } = row;
  const [fareId, transfers, seconds] = [text('fare_id'), text('transfers'), text('transfer_duration')];
  const fare = {
    fareId,
    agencyId: context.agencies.size > 1 && context.agencies.has(text('agency_id')) ? text('agency_id') : '',
    payment: ({ 0: 'on-board', 1: 'before' } as const)[text('payment_method')],
    transfers: transfers === '' ? Infinity : (wholeNumber(transfers) ?? 0),
    seconds: seconds === '' ? undefined : wholeNumber(seconds),
  };
  const fault = faultOf(row, context);
  if (!fault) return { ...fare, amount: fareAmount(text('price'), context.currency) ?? 'not-understood' };
  context.problems.leaveOut('fare', fareId, { ...fault, file, line });
  return { ...fare, amount: fault.kind === 'fare-currency' ? 'another-currency' : 'not-understood' };
};

/** Why we do not sell a fare. */
const faultOf = (
  row: Row,
  { currency, allowFree, agencies }: FareContext,
): { kind: string; reason: string } | undefined => {
  const { text } = row;
  const [price, agencyId] = [text('price'), text('agency_id')];
  const strange = strangeColumnOf(row, known);
  if (strange !== undefined) return strangeFault(strange, text(strange));
  if (text('currency_type').toUpperCase() !== currency) return currencyFault(text('currency_type'), currency);
  const amount = fareAmount(price, currency);
  if (amount === undefined) return priceFault(price, currency);
  if (amount === 0 && !allowFree) return freeFault;
  if (agencyId !== '' && !agencies.has(agencyId)) {
    return { kind: 'fare-agency', reason: `agency_id ${agencyId} is not in agency.txt` };
  }
  for (const [column, isKnown] of [
    ['payment_method', /^[01]?$/.test(text('payment_method'))],
    ['transfers', isCount(text('transfers'))],
    ['transfer_duration', isCount(text('transfer_duration'))],
  ] as const) {
    if (!isKnown) return { kind: 'unknown-value', reason: `${column} ${text(column)} is unknown` };
  }
  return undefined;
};

const isCount = (text: string): boolean => text === '' || wholeNumber(text) !== undefined;
