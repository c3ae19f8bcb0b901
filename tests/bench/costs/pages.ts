import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { costTables, fillTables } from '../../../infra/costs/cost-tables.ts';
import type { Counted } from '../../../infra/costs/counted.ts';
import { readPrices } from '../../../infra/costs/prices.ts';
import { projectRoot } from '../../../infra/local/run/paths.ts';
import type { StackTemplate } from '../../../infra/local/template/template.ts';

/** The pages with tables of costs. */
export const costPages = ['README.md', 'docs/costs.md'];

export const textOfPage = (page: string): string => readFileSync(join(projectRoot, page), 'utf8');

/** A page as it should be now. */
export const filledPage = (page: string, templates: readonly StackTemplate[], counted: Counted): string =>
  fillTables(textOfPage(page), costTables(templates, counted, readPrices()));

export const writePage = (page: string, text: string): void => writeFileSync(join(projectRoot, page), text);
