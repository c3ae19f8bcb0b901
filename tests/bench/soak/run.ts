/**
 * `npm run soak`: starts a local run of its own, buys from it again and again, and shows how memory and disk grow. It
 * exits with 1 when a purchase ends as neither a ticket nor a clear refusal.
 */
import { parseArgs } from 'node:util';
import { headLine, isProperEnd, runSoak } from './soak.ts';

const { values } = parseArgs({
  options: {
    /** No more purchases than these. */
    purchases: { type: 'string', default: '256' },
    /** Buyers at once. */
    'at-once': { type: 'string', default: '8' },
    /** No purchase begins after these. */
    minutes: { type: 'string', default: '60' },
    /** From one line to the next. */
    'sample-seconds': { type: 'string', default: '60' },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);

print(headLine);
const report = await runSoak(
  {
    purchases: Number(values.purchases),
    atOnce: Number(values['at-once']),
    minutes: Number(values.minutes),
    sampleSeconds: Number(values['sample-seconds']),
    idleSeconds: 20,
  },
  print,
);
for (const [end, count] of Object.entries(report.ends)) print(`${String(count).padStart(6)} ${end}`);
print(`the slowest purchase took ${report.slowestSeconds.toFixed(1)} s`);
print(`idle, it uses ${(100 * report.idleProcessorShare).toFixed(0)} % of a processor`);
if (!Object.keys(report.ends).every(isProperEnd) || report.hasEnded) process.exitCode = 1;
