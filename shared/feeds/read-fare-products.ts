import type { ProductPrice } from './choose-product.ts';
import { fareAmount } from './fare-amount.ts';
import { currencyFault, freeFault, priceFault, strangeFault } from './fare-faults.ts';
import type { FeedFiles } from './feed-files.ts';
import type { ProblemList } from './problems.ts';
import { readTable, type Row } from './read-table.ts';
import { strangeColumnOf } from './strange-column.ts';

const file = 'fare_products.txt';
const required = ['fare_product_id', 'amount', 'currency'];
const known = new Set([...required, 'fare_product_name', 'rider_category_id', 'fare_media_id']);

/**
 * `fare_media_type`: none, paper ticket, transit card, bank card, mobile app. Our tickets are on paper and on phones.
 */
const mediaTypes = { 0: 'none', 1: 'paper', 2: 'card', 3: 'card', 4: 'app' } as const;
type Media = 'unknown' | (typeof mediaTypes)[keyof typeof mediaTypes];

export type ProductContext = {
  files: FeedFiles;
  /** The carrier's currency. */
  currency: string;
  allowFree: boolean;
  problems: ProblemList;
};

export type FareProducts = {
  prices: ReadonlyMap<string, ProductPrice>;
  namesRiders: boolean;
};

/** One price of a product, for one category of passengers and one kind of ticket. */
type Offer = { line: number; amount: number; media: Media };
type Product = { line: number; offers: Offer[]; isClear: boolean };

/**
 * Reads the price of each product (fare_products.txt) for the feed's default category of passengers. Undefined if a row
 * is unreadable.
 */
export const readFareProducts = async (context: ProductContext): Promise<FareProducts | undefined> => {
  const { files, problems } = context;
  const [defaultRider, media] = [await readDefaultRider(context), await readMedia(context)];
  const products = new Map<string, Product>();
  const otherRiders = new Map<string, number>();
  let [seen, namesRiders] = [0, false];
  const onRow = (row: Row): void => {
    seen += 1;
    const { line, text } = row;
    const [productId, rider] = [text('fare_product_id'), text('rider_category_id')];
    const product = products.get(productId) ?? { line, offers: [], isClear: true };
    products.set(productId, product);
    namesRiders ||= rider !== '';
    if (rider !== '' && rider !== defaultRider) {
      return void otherRiders.set(rider, (otherRiders.get(rider) ?? 0) + 1);
    }
    const fault = faultOf(row, context);
    if (!fault) return void product.offers.push(offerOf(row, context, media));
    if (fault.kind !== 'fare-currency') product.isClear = false;
    return problems.leaveOut('fare', productId, { ...fault, file, line });
  };
  const rows = await readTable({ file, required, mayBeEmpty: true }, await files.open(file), problems, onRow);
  for (const [rider, count] of otherRiders) {
    const reason = `${count} fares of the rider category ${rider} are not sold: it is not the default, and other passengers pay their share of the adult fare`;
    problems.warn({ kind: 'fare-riders', file, reason });
  }
  if (seen < rows) return undefined;
  const prices = [...products].map(([id, product]) => [id, priceOf(id, product, problems)] as const);
  return { prices: new Map(prices), namesRiders };
};

const faultOf = (row: Row, { currency, allowFree }: ProductContext) => {
  const { text } = row;
  const strange = strangeColumnOf(row, known);
  if (strange !== undefined) return strangeFault(strange, text(strange));
  if (text('currency').toUpperCase() !== currency) return currencyFault(text('currency'), currency);
  const amount = fareAmount(text('amount'), currency);
  if (amount === undefined) return priceFault(text('amount'), currency);
  return amount === 0 && !allowFree ? freeFault : undefined;
};

const offerOf = (
  { line, text }: Row,
  { currency }: ProductContext,
  media: ReadonlyMap<string, Media>,
): Offer => {
  const mediaId = text('fare_media_id');
  return {
    line,
    amount: fareAmount(text('amount'), currency) ?? 0,
    // If the feed does not explain a kind of ticket, it is not ours.
    media: mediaId === '' ? 'unknown' : (media.get(mediaId) ?? 'card'),
  };
};

/** The price with our tickets. If it depends on the ticket, this is the price with an app, if the feed names one. */
const priceOf = (productId: string, product: Product, problems: ProblemList): ProductPrice => {
  const { line, offers, isClear } = product;
  if (!isClear) return { outcome: 'not-understood' };
  const leaveOut = (kind: string, reason: string): void =>
    problems.leaveOut('fare', productId, { kind, file, line, reason });
  const ours = offers.filter(({ media }) => media !== 'card');
  if (ours.length === 0) {
    if (offers.length > 0) leaveOut('fare-media', 'is for a kind of ticket that Keyun does not issue');
    return { outcome: 'for-others' };
  }
  const inApp = ours.filter(({ media }) => media === 'app');
  const isByMedia = inApp.length > 0 && ours.every(({ media }) => media !== 'unknown');
  const [amount, ...others] = new Set((isByMedia ? inApp : ours).map((offer) => offer.amount));
  if (amount !== undefined && others.length === 0) return { outcome: 'priced', amount };
  leaveOut('fare-ambiguous', 'has several prices, and nothing tells which is that of our tickets');
  return { outcome: 'not-understood' };
};

const readDefaultRider = async ({ files, problems }: ProductContext): Promise<string | undefined> => {
  const defaults = new Set<string>();
  const table = { file: 'rider_categories.txt', required: ['rider_category_id'], mayBeEmpty: true };
  if (!files.has(table.file)) return undefined;
  await readTable(table, await files.open(table.file), problems, ({ text }) => {
    if (text('is_default_fare_category') === '1') defaults.add(text('rider_category_id'));
  });
  const [only, ...others] = defaults;
  if (others.length === 0) return only;
  const reason = 'several categories are the default: none is taken for it';
  problems.warn({ kind: 'fare-riders', file: table.file, reason });
  return undefined;
};

const readMedia = async ({ files, problems }: ProductContext): Promise<ReadonlyMap<string, Media>> => {
  const media = new Map<string, Media>();
  const table = { file: 'fare_media.txt', required: ['fare_media_id'], mayBeEmpty: true };
  if (!files.has(table.file)) return media;
  await readTable(table, await files.open(table.file), problems, ({ text }) => {
    const type = (mediaTypes as Readonly<Record<string, Media>>)[text('fare_media_type')];
    if (type) media.set(text('fare_media_id'), type);
  });
  return media;
};
