export type WaitingLine<Thing> = {
  length(): number;
  /** Takes the last place. Resolves with what the line hands out, or with `gone` if that signal comes first. */
  wait(gone: AbortSignal | undefined): Promise<Thing | 'gone'>;
  /** Hands it to the one who has waited longest; false if nobody waits. */
  serve(thing: Thing): boolean;
  /** Sends everybody away, as `gone`. */
  dismiss(): void;
};

/** A line in which the first to come is the first to be served. Those who leave lose their place. */
export const makeWaitingLine = <Thing>(): WaitingLine<Thing> => {
  const places: ((thing: Thing | 'gone') => void)[] = [];
  return {
    length: () => places.length,
    wait: (gone) =>
      new Promise((resolve) => {
        const leave = () => {
          const place = places.indexOf(take);
          if (place < 0) return;
          places.splice(place, 1);
          resolve('gone');
        };
        const take = (thing: Thing | 'gone') => {
          gone?.removeEventListener('abort', leave);
          resolve(thing);
        };
        gone?.addEventListener('abort', leave, { once: true });
        places.push(take);
      }),
    serve: (thing) => {
      const take = places.shift();
      take?.(thing);
      return take !== undefined;
    },
    dismiss: () => {
      for (const take of places.splice(0)) take('gone');
    },
  };
};

/** At most this many work at once; the others wait for their turn. */
export type Turns = {
  /** Resolves with a function that gives the turn back, or with `gone` if that signal comes before the turn. */
  take(): Promise<() => void>;
  take(gone: AbortSignal | undefined): Promise<(() => void) | 'gone'>;
};

export const makeTurns = (max: number): Turns => {
  const line = makeWaitingLine<true>();
  let taken = 0;
  const giveBack = (): void => {
    if (!line.serve(true)) taken -= 1;
  };
  async function take(): Promise<() => void>;
  async function take(gone: AbortSignal | undefined): Promise<(() => void) | 'gone'>;
  async function take(gone?: AbortSignal): Promise<(() => void) | 'gone'> {
    if (gone?.aborted) return 'gone';
    if (taken < max) taken += 1;
    else if ((await line.wait(gone)) === 'gone') return 'gone';
    return giveBack;
  }
  return { take };
};
