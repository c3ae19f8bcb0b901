import { decideAnew } from '../../../shared/platform/decide-anew.ts';
import { accepted, rejected, type Outcome } from '../../../shared/platform/outcome.ts';

type Once = Outcome<{ n: number }, 'sold-out' | 'changed-meanwhile'>;

/** Decides four times at the most, with these outcomes one after another; tells the last, and how often it was asked. */
const decide = async (outcomes: readonly Once[]) => {
  let asked = 0;
  const last = await decideAnew(4, async () => outcomes[asked++]!);
  return { last, asked };
};

const changed = rejected('changed-meanwhile');

test('what is accepted, or rejected for a reason of its own, is decided once', async () => {
  expect(await decide([accepted({ n: 1 })])).toEqual({ last: accepted({ n: 1 }), asked: 1 });
  expect(await decide([rejected('sold-out')])).toEqual({ last: rejected('sold-out'), asked: 1 });
});

test('what has changed meanwhile is decided anew', async () => {
  expect(await decide([changed, changed, accepted({ n: 3 })])).toEqual({
    last: accepted({ n: 3 }),
    asked: 3,
  });
});

test('what changes every time is given up, and says so', async () => {
  expect(await decide([changed, changed, changed, changed])).toEqual({ last: changed, asked: 4 });
});
