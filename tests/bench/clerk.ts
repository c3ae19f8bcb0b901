import type { Carrier } from '../../shared/platform/carrier.ts';
import { stopIdSchema, userIdSchema } from '../../shared/platform/ids.ts';
import { assembleCarrier, carrierFolderOf } from '../../shared/platform/carrier-folder.ts';
import { deriveKey } from '../../shared/platform/secrets.ts';
import { placeOrder } from '../../shared/selling/place-order.ts';
import type { Run, Stretch } from '../../shared/timetable/model.ts';
import type { BenchTables } from './bench-tables.ts';
import { documentOf } from './buyers.ts';
import { measured } from './meter.ts';
import type { Tally } from './tally.ts';
import { saleTime, secondClass } from './train.ts';

/** What became of one request. `orderId` when it was a booking. */
export type Answered = { outcome: string; orderId?: string; milliseconds: number; tally: Tally };

export const purchaseDependencies = (tables: BenchTables, random: () => number) => {
  const profile: Carrier = assembleCarrier(carrierFolderOf('cn-rail'));
  return {
    ...tables,
    clock: () => saleTime,
    random,
    carrier: profile,
    keys: () =>
      Promise.resolve({
        seal: deriveKey('bench', 'seal-documents'),
        claim: deriveKey('bench', 'claim-documents'),
      }),
  };
};

/** Buys as the API does: each buyer another user with another document, one seat from here to there. */
export const makeClerk = (tables: BenchTables, random: () => number) => {
  const place = placeOrder(purchaseDependencies(tables, random));
  return async (buyer: number, run: Run, { from, to }: Stretch): Promise<Answered> => {
    const userId = userIdSchema.parse(`user-${buyer}`);
    const request = {
      userId,
      runId: run.runId,
      from: stopIdSchema.parse(`S${from}`),
      to: stopIdSchema.parse(`S${to}`),
      class: secondClass,
      passengers: [{ name: '王芳', type: 'adult' as const, document: documentOf(buyer) }],
      contact: { email: `buyer-${buyer}@example.com`, locale: 'zh-CN' as const },
      confirmedEmail: `buyer-${buyer}@example.com`,
      wishes: {},
    };
    const began = performance.now();
    const { result, tally } = await measured(() =>
      place(request, {
        scope: { userId, route: 'orders', key: 'first', bodyHash: String(buyer) },
        answer: ({ orderId }) => orderId,
      }),
    );
    return {
      ...(result.outcome === 'accepted'
        ? { outcome: 'booked', orderId: result.answer }
        : { outcome: result.reason }),
      milliseconds: performance.now() - began,
      tally,
    };
  };
};
