import {
  conflict,
  drawFault,
  noAnswer,
  throttled,
  type FaultKind,
  type FaultProfile,
  type Target,
} from './faults.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export type Call<Answer> = {
  /** For the trace. */
  what: string;
  target: Target;
  /** Makes the call, for real or in the books of a part that is simulated. Called again when it is sent twice. */
  effect: () => Promise<Answer> | Answer;
};

export type Gate = ReturnType<typeof makeGate>;

type Result<Answer> = { answer: Answer } | { error: unknown };

const attempt = async <Answer>({ effect }: Call<Answer>): Promise<Result<Answer>> => {
  try {
    return { answer: await effect() };
  } catch (error) {
    return { error };
  }
};

const toldOf = (result: Result<unknown>): string =>
  'answer' in result ? 'ok' : result.error instanceof Error ? result.error.name : 'error';

const freezeMillisecondsMin = 5000;
const freezeMillisecondsMax = 15 * 60_000;
const lateMillisecondsMax = 10 * 60_000;

/**
 * The one way out of every actor: each call waits here until the seed lets it take effect, and its answer waits until
 * the seed lets it arrive. What goes wrong on the way is decided here as well.
 */
export const makeGate = (
  scheduler: Scheduler,
  { profile, onWrite }: { profile: () => FaultProfile | undefined; onWrite: () => void },
) => {
  const { seed, after, goOn, note } = scheduler;
  const injected = new Map<FaultKind, number>();
  let calls = 0;

  const crash = (actor: Actor): void => {
    actor.crashed = true;
    actor.whenCrashed?.();
  };

  const land = async <Answer>(actor: Actor, call: Call<Answer>, how = ''): Promise<Result<Answer>> => {
    calls += 1;
    const result = await attempt(call);
    note(`${actor.name}: ${call.what}${how} ${toldOf(result)}`);
    if (call.target.writes) onWrite();
    return result;
  };

  /** The request is on its way and arrives some time, whatever has become of who sent it. */
  const landLater = (actor: Actor, call: Call<unknown>): void => {
    after(seed.spread(300, lateMillisecondsMax), async () => {
      await land(actor, call, ' (late)');
    });
  };

  const freeze = (actor: Actor): void => {
    actor.frozenUntil = scheduler.now() + seed.spread(freezeMillisecondsMin, freezeMillisecondsMax);
  };

  const arrive = async <Answer>(
    actor: Actor,
    call: Call<Answer>,
    fault: FaultKind | undefined,
    settle: (result: Result<Answer>) => void,
  ): Promise<void> => {
    if (fault) note(`${actor.name}: ${call.what} !${fault}`);
    switch (fault) {
      case 'crash-before':
        return crash(actor);
      case 'crash-after':
        crash(actor);
        await land(actor, call);
        return;
      case 'crash-and-lands-later':
        crash(actor);
        return landLater(actor, call);
      case 'throttled':
        return settle({ error: throttled(seed, call.target) });
      case 'conflict':
        return settle({ error: conflict(seed, call.target) });
      case 'lost-request':
        return settle({ error: noAnswer() });
      case 'lands-later':
        landLater(actor, call);
        return settle({ error: noAnswer() });
      case 'lost-answer':
        await land(actor, call);
        return settle({ error: noAnswer() });
      case 'sent-twice':
        await land(actor, call);
        return settle(await land(actor, call, ' (again)'));
      case 'freeze-after': {
        const result = await land(actor, call);
        freeze(actor);
        return settle(result);
      }
      default:
        return settle(await land(actor, call));
    }
  };

  return {
    injected,
    calls: () => calls,
    call: <Answer>(actor: Actor, call: Call<Answer>): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const drawn = drawFault(seed, profile(), call.target);
        if (drawn) injected.set(drawn, (injected.get(drawn) ?? 0) + 1);
        const latency = (): number => seed.spread(1, profile()?.latencyMilliseconds ?? 20);
        const settle = (result: Result<Answer>): void =>
          after(latency(), () =>
            goOn(actor, () => ('answer' in result ? resolve(result.answer) : reject(result.error))),
          );
        if (drawn === 'freeze-before') freeze(actor);
        const send = async (): Promise<void> => {
          // Another branch of the same actor died: what it had sent may be on the wire.
          if (actor.crashed && call.target.writes && seed.happens(0.5)) landLater(actor, call);
          if (actor.crashed) return;
          if (actor.frozenUntil > scheduler.now()) after(actor.frozenUntil - scheduler.now(), send);
          else await arrive(actor, call, drawn, settle);
        };
        after(latency(), send);
      }),
  };
};
