import { setTimeout as sleep } from 'node:timers/promises';
import { signIn, type Journey } from '../../../cli/demo/client.ts';
import { passenger } from '../../../cli/demo/passengers.ts';
import { startProbe, type Probe } from './probe.ts';
import { startSystem, type System, type Usage } from './system.ts';

export type SoakScale = {
  /** No more purchases than this, and none is begun after so many minutes. */
  purchases: number;
  minutes: number;
  atOnce: number;
  sampleSeconds: number;
  idleSeconds: number;
};

/** How it was after so many purchases. */
export type Sample = Usage & { seconds: number; purchases: number; writeMs: number; pollMs: number };

export type SoakReport = {
  samples: Sample[];
  /** Ends by what they were: `issued`, or why there is no ticket. */
  ends: Record<string, number>;
  slowestSeconds: number;
  /** The local run did not last. */
  hasEnded: boolean;
  /** Of one processor, when nobody buys. */
  idleProcessorShare: number;
};

/** A ticket, or a clear answer why there is none. Anything else is a fault. */
export const isProperEnd = (end: string): boolean => end === 'issued' || /^refused: (?:nothing|4)/.test(end);

const from = 'VNP';
const to = 'AOH';
/** Two days ahead and later: a sale is open, and no train leaves in the middle. */
const firstDay = 2;
const days = 12;

/** Buys and pays again and again over HTTP, and looks how memory, disk and the emulator's time grow. */
export const runSoak = async (scale: SoakScale, say: (line: string) => void): Promise<SoakReport> => {
  const system = await startSystem();
  const probe = await startProbe(system.endpoints);
  const began = Date.now();
  const seconds = () => (Date.now() - began) / 1000;
  const ends: Record<string, number> = {};
  const samples: Sample[] = [];
  let begun = 0;
  let done = 0;
  let slowestSeconds = 0;
  const buy = makePurchase(system);

  const sample = async () => {
    if (system.hasEnded()) return;
    const { writeMs, pollMs } = await probe.look();
    samples.push({ ...system.usage(), writeMs, pollMs, purchases: done, seconds: seconds() });
    say(lineOf(samples.at(-1)));
  };
  const work = async (): Promise<void> => {
    while (begun < scale.purchases && seconds() < scale.minutes * 60 && !system.hasEnded()) {
      const at = performance.now();
      const end = await buy((begun += 1)).catch((error: unknown) => `failed: ${String(error)}`);
      ends[end] = (ends[end] ?? 0) + 1;
      done += 1;
      slowestSeconds = Math.max(slowestSeconds, (performance.now() - at) / 1000);
    }
  };

  try {
    await sample();
    const working = Promise.all(Array.from({ length: scale.atOnce }, work));
    await untilDone(working, scale.sampleSeconds, sample);
    await sample();
    const idleProcessorShare = system.hasEnded() ? 0 : await idle(system, scale.idleSeconds);
    return { samples, ends, slowestSeconds, hasEnded: system.hasEnded(), idleProcessorShare };
  } finally {
    await stopAll(probe, system);
  }
};

const stopAll = async (probe: Probe, system: System): Promise<void> => {
  probe.stop();
  await system.stop();
};

const untilDone = async (
  working: Promise<unknown>,
  everySeconds: number,
  sample: () => Promise<void>,
): Promise<void> => {
  let isWorking = true;
  void working.finally(() => (isWorking = false)).catch(() => undefined);
  for (let ticks = 1; isWorking; ticks += 1) {
    await Promise.race([working, sleep(1000)]);
    if (isWorking && ticks % everySeconds === 0) await sample();
  }
  await working;
};

const idle = async (system: System, seconds: number): Promise<number> => {
  // What the last purchases have left to do is not idleness.
  await sleep(5000);
  const before = system.usage().processorSeconds;
  await sleep(seconds * 1000);
  return (system.usage().processorSeconds - before) / seconds;
};

/** One purchase, by a person of its own, from the search to the ticket; answers how it ended. */
const makePurchase = ({ endpoints, dataDir }: System) => {
  const start = Date.now();
  return async (n: number): Promise<string> => {
    const buyer = await signIn(endpoints, dataDir, `soak-${n}@example.com`);
    const date = new Date(start + (firstDay + (n % days)) * 86_400_000).toISOString().slice(0, 10);
    const found = await buyer.get<{ journeys: Journey[] }>(`/v1/journeys?from=${from}&to=${to}&date=${date}`);
    if (found.status !== 200) return `no search: ${found.status}`;
    const offers = found.body.journeys.flatMap(({ runId, classes }) =>
      classes
        .filter(({ fare, seatsLeft }) => fare && seatsLeft > 0)
        .map((each) => ({ runId, class: each.class })),
    );
    const offer = offers[Math.floor(n / days) % Math.max(1, offers.length)];
    if (!offer) return 'refused: nothing left on that day';
    const order = await buyer.placeOrder({ ...offer, from, to, passengers: [passenger(n)] });
    if (order.status !== 201) return `refused: ${order.status} ${order.body.type ?? ''}`;
    await buyer.pay(order.body.orderId);
    const { state } = await buyer.waitFor(order.body.orderId, ['issued', 'expired', 'cancelled'], 120);
    return state;
  };
};

const columns = ['seconds', 'purchases', 'memory MB', 'emulator MB', 'disk MB', 'write ms', 'poll ms'];

export const headLine = columns.map((each) => each.padStart(12)).join('');

const lineOf = (sample: Sample | undefined): string =>
  sample === undefined
    ? ''
    : [
        sample.seconds.toFixed(0),
        String(sample.purchases),
        sample.memoryMegabytes.toFixed(0),
        sample.emulatorMegabytes.toFixed(0),
        sample.diskMegabytes.toFixed(1),
        sample.writeMs.toFixed(2),
        sample.pollMs.toFixed(2),
      ]
        .map((each) => each.padStart(12))
        .join('');
