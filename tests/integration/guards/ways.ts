import type { Transitions } from '../../../shared/bookings/transitions.ts';

/** Every way of a table. */
export const waysOf = <State extends string>(table: Transitions<State>): [State, State][] =>
  (Object.keys(table) as State[]).flatMap((from) => table[from].map((to): [State, State] => [from, to]));

/** Takes a way out of a table until the mocks are restored. */
export const takeOut = <State extends string>(table: Transitions<State>, from: State, to: State): void => {
  const left = table[from].filter((state) => state !== to);
  jest.replaceProperty(table, from, left as Transitions<State>[State]);
};
