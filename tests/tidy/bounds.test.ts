import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, textOf } from './repository.ts';

/**
 * What bounds the work of each deployed function, so that one thing that hangs ends alone. A frame knows how long the
 * invocation has left; a loop over things gives each its own limit.
 */
const boundBy: Readonly<Record<string, RegExp>> = {
  api: /\bapiHandler\(/,
  'payment-callbacks': /\bproviderCallback\(/,
  workflow: /\btaskHandler\(/,
  events: /\b(?:queueHandler|streamHandler)\(/,
  schedule: /\bsweepLimits\b/,
};
/** One thing and a few calls, each with its own limits: there is nothing that could hold another up. */
const ofOneThing: ReadonlySet<string> = new Set(['events/restart-purchase.ts']);

const entries = Object.keys(boundBy).flatMap((group) =>
  readdirSync(join(root, 'functions', group), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ group, path: `${group}/${file}` })),
);

test('the frame of all callbacks is the one with a bound', () => {
  expect(textOf('functions/compose/provider-callback.ts')).toMatch(/\bnotificationHandler\(/);
});

test.each(entries.filter(({ path }) => !ofOneThing.has(path)))('$path has a bound', ({ group, path }) => {
  expect(textOf(`functions/${path}`)).toMatch(boundBy[group]!);
});

test.each(entries.filter(({ path }) => /^(?:events|schedule)\//.test(path)))(
  '$path has no loop that waits without a limit for each thing',
  ({ path }) => {
    expect(textOf(`functions/${path}`)).not.toMatch(/Promise\.all|for await|for \([^)]*\) (?:\{[^}]*)?await/);
  },
);
