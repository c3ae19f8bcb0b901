import * as z from 'zod';
import type { Item } from '../platform/dynamo.ts';
import type { BillPart } from './model.ts';

/* What the audit reads of the comparison of a bill, without the module that writes it. */

const billSchema = z.object({
  provider: z.string(),
  date: z.string(),
  bill: z.object({ costs: z.record(z.string(), z.int()) }),
});

export const billFromItem = (item: Item): BillPart => {
  const { provider, date, bill } = billSchema.parse(item);
  return { id: `${provider}-${date}`, costs: bill.costs };
};

const differenceSchema = z.object({ class: z.string(), number: z.string() });

/** What a difference of costs is about: `<provider>-<date>`, and `-<currency>` for other costs than the carrier's. */
export const toldCostsOf = (item: Item): string[] => {
  const { class: cls, number } = differenceSchema.parse(item);
  return cls === 'costs' ? [number] : [];
};
