import { makeTurns, makeWaitingLine } from '../../../infra/local/lambda/waiting-line.ts';

it('first come, first served; whoever leaves is passed over', async () => {
  const line = makeWaitingLine<string>();
  const leaver = new AbortController();
  const waits = [line.wait(undefined), line.wait(leaver.signal), line.wait(undefined)];
  leaver.abort();
  expect(line.length()).toBe(2);
  expect([line.serve('a'), line.serve('b'), line.serve('c')]).toEqual([true, true, false]);
  expect(await Promise.all(waits)).toEqual(['a', 'gone', 'b']);
});

it('one who was served does not leave any more, and a dismissed line is empty', async () => {
  const line = makeWaitingLine<string>();
  const person = new AbortController();
  const served = line.wait(person.signal);
  line.serve('a');
  const waits = [line.wait(person.signal), line.wait(undefined)];
  line.dismiss();
  person.abort();
  expect(await served).toBe('a');
  expect(await Promise.all(waits)).toEqual(['gone', 'gone']);
  expect(line.length()).toBe(0);
});

it('no more have a turn at once than may, and each turn that ends is the next one’s', async () => {
  const turns = makeTurns(2);
  let at = 0;
  let most = 0;
  const work = async () => {
    const giveBack = await turns.take();
    most = Math.max(most, (at += 1));
    await new Promise((resolve) => setImmediate(resolve));
    at -= 1;
    giveBack();
  };
  await Promise.all(Array.from({ length: 9 }, work));
  expect([most, at]).toEqual([2, 0]);
});
