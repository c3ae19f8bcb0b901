import { AsyncLocalStorage } from 'node:async_hooks';
import { instantOf, type Clock } from '../../shared/platform/time.ts';
import type { Seeded } from './seeded.ts';

/** One run of some code of the product: a function that was invoked. It may die or freeze between any two calls. */
export type Actor = {
  name: string;
  crashed: boolean;
  /** In simulated milliseconds; nothing of the actor goes on before. */
  frozenUntil: number;
  /** Called when it dies. */
  whenCrashed?: () => void;
};

/** What came of an invocation: `gone` when it died, or had not answered within its time. */
export type Invoked<Result> = { answer: Result } | { error: unknown } | 'gone';

type Event = { at: number; order: number; run: () => void | Promise<void> };

export type Scheduler = ReturnType<typeof makeScheduler>;

/**
 * Simulated time, and the one list of everything that is going to happen. Whatever the product waits for is an event
 * of it: one event happens at a time, and the next only when all that followed from it has come to rest. So only the
 * draws of the seed decide in which order things happen.
 */
export const makeScheduler = (seed: Seeded, startMilliseconds: number) => {
  const events: Event[] = [];
  const actors = new AsyncLocalStorage<Actor>();
  const trace: string[] = [];
  let now = startMilliseconds;
  let order = 0;
  let happened = 0;
  let invoked = 0;

  const after = (milliseconds: number, run: Event['run']): void => {
    const event = { at: now + Math.max(0, milliseconds), order: (order += 1), run };
    let index = events.length;
    while (index > 0 && (events[index - 1] as Event).at > event.at) index -= 1;
    events.splice(index, 0, event);
  };

  /** Runs `then` for the actor: later if it is frozen, never if it died. */
  const goOn = (actor: Actor, then: () => void): void => {
    if (actor.crashed) return;
    if (actor.frozenUntil > now) after(actor.frozenUntil - now, () => goOn(actor, then));
    else then();
  };

  const note = (line: string): void => {
    trace.push(`${instantOf(Math.floor(now)).slice(11)} ${line}`);
  };

  return {
    seed,
    after,
    goOn,
    note,
    trace,
    clock: (() => instantOf(Math.floor(now))) satisfies Clock,
    now: () => now,
    happened: () => happened,
    waiting: () => events.length,
    /** The actor whose code is running just now. */
    current: (): Actor => {
      const actor = actors.getStore();
      if (!actor) throw new Error('this code runs outside of the simulation');
      return actor;
    },
    sleep: (actor: Actor, milliseconds: number): Promise<void> =>
      new Promise((resolve) => {
        after(milliseconds, () => goOn(actor, resolve));
      }),
    /**
     * Starts an actor and waits for it no longer than it may take. One that is not done by then goes on all the same:
     * what froze may thaw.
     */
    invoke: <Result>(
      name: string,
      seconds: number,
      work: (actor: Actor) => Promise<Result>,
    ): Promise<Invoked<Result>> =>
      new Promise((resolve) => {
        const actor: Actor = { name: `${name}#${(invoked += 1)}`, crashed: false, frozenUntil: 0 };
        // Some deaths are told at once, others are only found out by waiting.
        actor.whenCrashed = () => after(seed.happens(0.5) ? 10 : seconds * 1000, () => resolve('gone'));
        after(seconds * 1000, () => resolve('gone'));
        actors
          .run(actor, () => work(actor))
          .then(
            (answer) => resolve({ answer }),
            (error: unknown) => resolve({ error }),
          );
      }),
    /** Lets the next event happen; false when there is none. */
    step: async (): Promise<boolean> => {
      const event = events.shift();
      if (!event) return false;
      now = event.at;
      happened += 1;
      await event.run();
      // Everything that the product does between two calls is done in microtasks, all of which precede the next turn.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      return true;
    },
  };
};
