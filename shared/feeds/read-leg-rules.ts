import type { LegRule, LegRules, ProductPrice } from './choose-product.ts';
import { strangeFault } from './fare-faults.ts';
import { wholeNumber } from './fields.ts';
import type { FeedFiles } from './feed-files.ts';
import type { ProblemList } from './problems.ts';
import type { Areas } from './read-areas.ts';
import type { FareProducts } from './read-fare-products.ts';
import { readTable, type Row } from './read-table.ts';
import { strangeColumnOf } from './strange-column.ts';

const file = 'fare_leg_rules.txt';
const timeframes = ['from_timeframe_group_id', 'to_timeframe_group_id'];
const known = new Set([
  'leg_group_id',
  'network_id',
  'from_area_id',
  'to_area_id',
  'fare_product_id',
  'rule_priority',
  ...timeframes,
]);

type Input = { files: FeedFiles; products: FareProducts; areas: Areas; problems: ProblemList };

/** Reads which products pay for a leg. Undefined if a row is unreadable: it may have narrowed any of the others. */
export const readLegRules = async (input: Input): Promise<LegRules | undefined> => {
  const { files, products, problems } = input;
  const rules: LegRule[] = [];
  let [seen, hasPriorities] = [0, false];
  const onRow = (row: Row): void => {
    seen += 1;
    hasPriorities = row.columns.includes('rule_priority');
    rules.push(ruleOf(row, input));
  };
  const table = { file, required: ['fare_product_id'], mayBeEmpty: true };
  const rows = await readTable(table, await files.open(file), problems, onRow);
  return seen < rows ? undefined : { rules, hasPriorities, namesRiders: products.namesRiders };
};

const ruleOf = (row: Row, { products, areas, problems }: Input): LegRule => {
  const { line, text } = row;
  const [productId, networkId] = [text('fare_product_id'), text('network_id')];
  const [fromArea, toArea] = [text('from_area_id'), text('to_area_id')];
  const named = (column: string, id: string, ids: ReadonlySet<string>): void => {
    if (id === '' || ids.has(id)) return;
    const reason = `nothing is in ${column} ${id}, so that it never holds`;
    problems.warn({ kind: 'fare-rule', file, line, reason });
  };
  named('network_id', networkId, areas.networks);
  named('from_area_id', fromArea, areas.areas);
  named('to_area_id', toArea, areas.areas);
  const priority = text('rule_priority') === '' ? 0 : wholeNumber(text('rule_priority'));
  const price = products.prices.get(productId);
  // A product for others is no fare of ours, however its rule is narrowed.
  const fault = price?.outcome === 'for-others' ? undefined : faultOf(row, price, priority);
  if (fault) problems.leaveOut('fare', productId, { ...fault, file, line });
  const unsold: ProductPrice = { outcome: 'not-understood' };
  return {
    productId,
    networkId,
    fromArea,
    toArea,
    priority: priority ?? Infinity,
    price: fault || !price ? unsold : price,
  };
};

/** Why we do not understand a rule: we sell nothing where it may match. */
const faultOf = (
  row: Row,
  price: ProductPrice | undefined,
  priority: number | undefined,
): { kind: string; reason: string } | undefined => {
  const { text } = row;
  const strange = strangeColumnOf(row, known);
  if (strange !== undefined) return strangeFault(strange, text(strange));
  const timeframe = timeframes.map(text).find((id) => id !== '');
  if (timeframe !== undefined) {
    const reason = `holds in the times ${timeframe} alone, and a ride has one fare at all times`;
    return { kind: 'fare-timeframe', reason };
  }
  if (priority === undefined) {
    return { kind: 'unknown-value', reason: `rule_priority ${text('rule_priority')} is not a whole number` };
  }
  return price ? undefined : { kind: 'fare-rule', reason: 'the fare product is not in fare_products.txt' };
};
