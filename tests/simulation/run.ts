/**
 * Long simulations: `npm run simulate -- --seed 1 --seeds 50 --steps 1500`. A seed that fails prints what was wrong,
 * the last steps, and the command that does it all again.
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { providerNames } from '../../shared/payments/known-providers.ts';
import { money, toDecimal } from '../../shared/platform/money.ts';
import { buildWhenStale } from '../../infra/local/run/build.ts';
import { added, type Sums, type SumsByCurrency } from './histories.ts';
import type { Simulated } from './simulate.ts';

// Read when the logger is made, which is when it is imported.
process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
const { simulate } = await import('./simulate.ts');
const { faultKinds } = await import('./faults.ts');

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    steps: { type: 'string', default: '1500' },
    /** Only these kinds of faults, divided by commas, and often; and only worlds where money comes late. */
    kinds: { type: 'string', default: '' },
    late: { type: 'boolean', default: false },
    /** Only worlds where every call takes up to half a minute, so that much happens between any two. */
    slow: { type: 'boolean', default: false },
    /** Only worlds where functions behind the stream of seats give batches up. */
    lossy: { type: 'boolean', default: false },
    /** Only worlds where few users run into their budgets. */
    tight: { type: 'boolean', default: false },
    /** Only worlds where the provider is odd and people are needed. */
    odd: { type: 'boolean', default: false },
    /** Only worlds where trips have more than a hundred calls. */
    long: { type: 'boolean', default: false },
    /** Only worlds where an operator gives money of issued orders back. */
    grants: { type: 'boolean', default: false },
    /** Only worlds where passengers give tickets back. */
    back: { type: 'boolean', default: false },
    /** Only worlds where an operator cancels runs and stops and announces delays, and nobody gives money back beside. */
    disrupt: { type: 'boolean', default: false },
    /** Only worlds where passengers agree to change seats on the way. */
    change: { type: 'boolean', default: false },
    /** Only worlds where parties have somebody on a lap, or somebody who needs a marked seat. */
    families: { type: 'boolean', default: false },
    /** With gates that check tickets in. */
    gate: { type: 'boolean', default: false },
    /** Only worlds where passengers exchange tickets. */
    exchange: { type: 'boolean', default: false },
    /** Only worlds where these take money, divided by commas. */
    providers: { type: 'string', default: '' },
    /** Only until all is at rest, without the later years: for as many purchases as possible in little time. */
    brief: { type: 'boolean', default: false },
    trace: { type: 'string', default: '60' },
    /** Stops at the first seed that fails and says so in one line, for a program to read. */
    first: { type: 'boolean', default: false },
    digest: { type: 'boolean', default: false },
  },
});

const kinds = faultKinds.filter((kind) => values.kinds.split(',').includes(kind));
const providers = providerNames.filter((name) => values.providers.split(',').includes(name));
const focus = {
  ...(kinds.length > 0 && { kinds, probability: 0.1 }),
  ...(values.late && { lateMoney: true }),
  ...(values.slow && { latencyMilliseconds: 30_000 }),
  ...(values.lossy && { lostBatches: 0.3 }),
  ...(values.tight && { tightBudgets: true }),
  ...(values.odd && { oddProvider: true }),
  ...(values.long && { longTrips: true }),
  ...(values.grants && { grants: true }),
  ...(values.back && { giveBacks: true }),
  ...(values.disrupt && { disruptions: true, grants: false }),
  ...(values.change && { seatChanges: true }),
  ...(values.families && { families: true }),
  ...(values.gate && { gates: true }),
  ...(values.exchange && { exchanges: true }),
  ...(providers.length > 0 && { providers }),
};
const switches = (
  [
    'late',
    'slow',
    'lossy',
    'tight',
    'odd',
    'long',
    'grants',
    'back',
    'disrupt',
    'change',
    'families',
    'gate',
    'exchange',
  ] as const
).filter((name) => values[name]);
const focused = [
  ...(kinds.length > 0 ? [` --kinds ${kinds.join(',')}`] : []),
  ...switches.map((name) => ` --${name}`),
  ...(providers.length > 0 ? [` --providers ${providers.join(',')}`] : []),
].join('');

// The simulation walks the state machine of the template.
await buildWhenStale((line) => console.error(line));

const told = (counts: Iterable<readonly [string, number]>): string =>
  [...counts].map(([name, count]) => `${name} ${count}`).join(', ');

const tell = (
  { seed, wrong, calls, buyers, simulatedSeconds, ends, trace }: Simulated,
  seconds: number,
): void => {
  const what = `${calls} calls, ${buyers} buyers, ${(simulatedSeconds / 3600).toFixed(1)} h, orders: ${told(Object.entries(ends))}`;
  console.log(`${wrong.length === 0 ? '✓' : '✗'} seed ${seed}: ${what} (${seconds.toFixed(1)} s)`);
  if (values.digest)
    console.log(`  ${trace.length} lines, ${createHash('sha256').update(trace.join('\n')).digest('hex')}`);
  if (wrong.length === 0) return;
  for (const line of trace.slice(-Number(values.trace))) console.log(`    ${line}`);
  for (const { rule, what } of wrong.slice(0, 10)) console.log(`  ${rule}: ${what}`);
  console.log(`  again: npm run simulate -- --seed ${seed} --steps ${values.steps}${focused}`);
};

const add = (total: Map<string, number>, counts: Iterable<readonly [string, number]>): void => {
  for (const [name, count] of counts) total.set(name, (total.get(name) ?? 0) + count);
};

const addSums = (total: Map<string, Sums>, more: SumsByCurrency): void => {
  for (const [currency, sums] of more) {
    const before = total.get(currency);
    total.set(currency, before ? added(before, sums) : sums);
  }
};
const tellSums = (when: string, sums: SumsByCurrency): void => {
  for (const [currency, { captured, issued, refunded, withinDeadline }] of sums) {
    const [all, ...parts] = [captured, issued, refunded, withinDeadline].map((amount) =>
      toDecimal(money(amount, currency)),
    );
    console.log(
      `  ${when}, ${currency}: ${all} captured = ${parts[0]} issued + ${parts[1]} refunded + ${parts[2]} within a deadline`,
    );
  }
};

const injected = new Map<string, number>();
const transitions = new Map<string, number>();
let [calls, orders, histories] = [0, 0, 0];
const [atRest, whenQuiet] = [new Map<string, Sums>(), new Map<string, Sums>()];
const began = performance.now();
for (let seed = Number(values.seed), left = Number(values.seeds); left > 0; seed += 1, left -= 1) {
  const from = performance.now();
  const simulated = await simulate({
    seed,
    calls: Number(values.steps),
    focus,
    withLaterYears: !values.brief,
  });
  tell(simulated, (performance.now() - from) / 1000);
  const [wrong] = simulated.wrong;
  if (wrong) process.exitCode = 1;
  if (wrong && values.first) {
    console.log(`caught seed ${seed} rule ${wrong.rule} calls ${simulated.calls}`);
    break;
  }
  calls += simulated.calls;
  orders += Object.values(simulated.ends).reduce((sum, count) => sum + count, 0);
  histories += simulated.histories.count;
  addSums(atRest, simulated.histories.atRest);
  addSums(whenQuiet, simulated.histories.whenQuiet);
  add(injected, simulated.injected);
  add(transitions, simulated.transitions);
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `${calls} calls in ${seconds.toFixed(0)} s (${(calls / seconds).toFixed(0)} a second); faults: ${told(injected)}`,
);
console.log(`transitions: ${told([...transitions].sort())}`);
console.log(
  `${histories} purchase histories (orders that somebody began to pay), in our books and in the banks' alike:`,
);
tellSums('when the last buyer had come', whenQuiet);
tellSums('at rest', atRest);
// A world in which nobody can buy has nothing to go wrong.
if (orders === 0) {
  console.log('no order was placed in any world: this shows nothing');
  process.exitCode = 1;
}
