import { measureColdImports } from './cold-imports.ts';
import { notificationPairs } from './genuine.ts';
import { measurePair } from './paired.ts';
import type { PaymentsReport } from './report.ts';
import { measureTickets } from './ticket-times.ts';

export type PaymentsScale = {
  /** Of each pair. */
  rounds: number;
  milliseconds: number;
  /** Imports of each bundle. */
  imports: number;
  purchases: number;
  atOnce: number;
};

export const fullPayments: PaymentsScale = {
  rounds: 15,
  milliseconds: 200,
  imports: 15,
  purchases: 192,
  atOnce: 64,
};

const parts = ['verification', 'imports', 'tickets'] as const;

/** What payments cost: verification beside the providers' own clients, the callbacks' bundles, and the way to a ticket. */
export const runPayments = async (
  scale: PaymentsScale,
  { only, say }: { only: string | undefined; say: (line: string) => void },
): Promise<PaymentsReport> => {
  const wanted = new Set(parts.filter((part) => part.includes(only ?? '')));
  const report: PaymentsReport = {};
  if (wanted.has('verification')) {
    say('verification, ours and theirs');
    report.rates = notificationPairs().map((pair) => measurePair(pair, scale));
  }
  if (wanted.has('imports')) {
    say('the callbacks’ bundles');
    report.imports = await measureColdImports(scale.imports);
  }
  if (wanted.has('tickets')) report.tickets = await measureTickets(scale, say);
  return report;
};
