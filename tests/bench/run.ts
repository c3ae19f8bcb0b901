/**
 * `npm run bench`: sells under load and counts what a booking costs, on an emulator of its own. `--json` prints the
 * figures for programs; `npm run -s bench -- --json` prints nothing else.
 */
import { parseArgs } from 'node:util';
import { currentTemplates } from './bench-tables.ts';
import { gateText } from './gate/report.ts';
import { fullGate, runGate } from './gate/run-gate.ts';
import { paymentsText } from './payments/report.ts';
import { fullPayments, runPayments } from './payments/run-payments.ts';
import { purchaseText, textOf } from './report.ts';
import { fullScale, runBench } from './run-bench.ts';
import { countPurchase } from './whole-purchase.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Seats of the train. */
    seats: { type: 'string', default: String(fullScale.seats) },
    /** Count one purchase alone. */
    purchase: { type: 'boolean', default: false },
    /** Only payments: verification, the callbacks' bundles, and the way from a callback to a ticket. */
    payments: { type: 'boolean', default: false },
    /** Only gates: decisions without a network, check-ins, and the tickets of a full train. */
    gate: { type: 'boolean', default: false },
    /** Only the sales, or the parts of payments, whose name contains this. */
    only: { type: 'string' },
    /** Which arrivals. */
    seed: { type: 'string', default: '1' },
  },
});

const print = <Result>(result: Result, toText: (result: Result) => string): void =>
  void process.stdout.write(`${values.json ? JSON.stringify(result, null, 2) : toText(result)}\n`);

const say = (line: string): void => void process.stderr.write(`${line} …\n`);

if (values.payments) {
  print(await runPayments(fullPayments, { only: values.only, say }), paymentsText);
} else if (values.gate) {
  print(await runGate(await currentTemplates(), { ...fullGate, seats: Number(values.seats) }), gateText);
} else if (values.purchase) {
  print(await countPurchase(await currentTemplates()), purchaseText);
} else {
  const report = await runBench(
    { ...fullScale, seats: Number(values.seats) },
    { seed: Number(values.seed), only: values.only, say },
  );
  print(report, textOf);
}
