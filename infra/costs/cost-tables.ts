import type { Counted } from './counted.ts';
import { detailedMetrics, idleCosts } from './idle-costs.ts';
import { dollarsAfterFree, dollarsOf, totalOf, type CostLine, type Prices } from './prices.ts';
import type { CostTemplate } from './template-resources.ts';
import { ticketCosts } from './ticket-costs.ts';

const cents = (dollars: number): string => `$${dollars.toFixed(2)}`;
const mills = (dollars: number): string => `$${dollars.toFixed(3)}`;
const counts = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

const rowsOf = (prices: Prices, lines: readonly CostLine[], money: (dollars: number) => string): string[][] =>
  lines.map((line) => [
    line.what,
    counts.format(line.units),
    prices.prices[line.price]?.what ?? '',
    money(dollarsOf(prices, line)),
  ]);

/** Everything that a page says about costs, by the name of its place on the page. */
export const costTables = (
  templates: readonly CostTemplate[],
  counted: Counted,
  prices: Prices,
): Record<string, string> => {
  const idle = idleCosts(templates, counted);
  const ticket = ticketCosts(counted);
  const sampled = totalOf(prices, ticketCosts(counted, 'share'));
  const idleAll = totalOf(prices, idle);
  return {
    idle: table(
      ['a month without a sale', 'units', 'price of', ''],
      [
        ...rowsOf(prices, idle, cents),
        ['**all**', '', '', `**${cents(idleAll)}**`],
        [
          'after what is free in an account that has nothing else',
          '',
          '',
          cents(dollarsAfterFree(prices, idle)),
        ],
        ...rowsOf(prices, detailedMetrics(templates), cents),
      ],
    ),
    tickets: table(
      ['a thousand tickets', 'units', 'price of', ''],
      [
        ...rowsOf(prices, ticket, mills),
        ['**all**', '', '', `**${mills(totalOf(prices, ticket))}**`],
        ['in a rush, where one trace in twenty is recorded', '', '', mills(sampled)],
      ],
    ),
    short: table(
      ['', 'US dollars'],
      [
        ['a month without a sale', cents(idleAll)],
        ['… after what is free in an account that has nothing else', cents(dollarsAfterFree(prices, idle))],
        ['a thousand tickets', `${cents(sampled)} to ${cents(totalOf(prices, ticket))}`],
      ],
    ),
    users: table(
      ['active in a month', 'plan Lite', 'plan Essentials'],
      [10_000, 20_000, 100_000].map((users) => [
        counts.format(users),
        ...['liteUser', 'essentialsUser'].map((price) =>
          cents(dollarsAfterFree(prices, [{ what: 'users', units: users, price }])),
        ),
      ]),
    ),
    prices: table(
      ['price', 'US dollars', 'for', 'free a month', 'read at'],
      Object.values(prices.prices).map(({ what, dollars, per, freeUnits, source, seenAt, note }) => [
        `[${what}](${source})${note ? `; ${note}` : ''}`,
        String(dollars),
        counts.format(per),
        freeUnits ? counts.format(freeUnits) : '–',
        seenAt ? `<${seenAt}>` : 'nowhere: from memory',
      ]),
    ),
  };
};

const mark = (name: string): RegExp => new RegExp(`(<!-- costs:${name} -->\\n)[^]*?(<!-- /costs -->)`);

/** The page with its tables as they are now. Throws if it has no place for any of them. */
export const fillTables = (page: string, tables: Readonly<Record<string, string>>): string => {
  const places = Object.entries(tables).filter(([name]) => mark(name).test(page));
  if (places.length === 0) throw new Error('the page has no place for a table of costs');
  return places.reduce(
    (text, [name, made]) =>
      text.replace(mark(name), (_, begin: string, end: string) => `${begin}${made}\n${end}`),
    page,
  );
};
