import type { PublishedEvent } from '../../shared/platform/events.ts';
import type { FaultProfile } from './faults.ts';
import type { Actor, Scheduler } from './scheduler.ts';

const receivesMax = 5;
const visibilitySeconds = 180;

export type QueueOptions = {
  scheduler: Scheduler;
  profile: () => FaultProfile | undefined;
  failed: (name: string, error: unknown) => void;
};

/** A standard queue with its function: at least once, in no order, five times, then to the dead letters. */
export const makeQueue = (
  { scheduler, profile, failed }: QueueOptions,
  name: string,
  consume: (actor: Actor, event: PublishedEvent) => Promise<void>,
) => {
  const { after, seed, invoke } = scheduler;
  const dead: PublishedEvent[] = [];
  let inFlight = 0;

  const deliver = async (event: PublishedEvent, attempt: number): Promise<void> => {
    const result = await invoke(name, 30, (actor) => consume(actor, event));
    if (result !== 'gone' && 'error' in result) failed(name, result.error);
    const done = result !== 'gone' && 'answer' in result;
    // The deletion of a message that was worked on may be lost; then it comes again.
    if (done && !(profile() && seed.happens(0.02))) {
      inFlight -= 1;
    } else if (attempt >= receivesMax) {
      inFlight -= 1;
      dead.push(event);
    } else {
      after(visibilitySeconds * 1000, () => void deliver(event, attempt + 1));
    }
  };

  return {
    name,
    dead,
    inFlight: () => inFlight,
    send: (event: PublishedEvent): void => {
      const copies = profile() && seed.happens(0.05) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        inFlight += 1;
        const late = profile() && seed.happens(0.05);
        after(late ? seed.spread(10_000, 600_000) : seed.spread(20, 2000), () => void deliver(event, 1));
      }
    },
  };
};
