export type WaitingLine<Thing> = {
  length(): number;
  /** Takes the last place. Resolves with what it is handed, or with `gone` when that happens first. */
  wait(gone: AbortSignal | undefined): Promise<Thing | 'gone'>;
  /** Hands it to whoever has waited longest; false where nobody waits. */
  serve(thing: Thing): boolean;
};

/** People who wait, first come, first served. Whoever leaves gives its place up. */
export const makeWaitingLine = <Thing>(): WaitingLine<Thing> => {
  const places: ((thing: Thing) => void)[] = [];
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
        const take = (thing: Thing) => {
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
  };
};
