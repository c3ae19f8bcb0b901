import { accounts, entryKinds } from '../../shared/ledger/model.ts';
import { textOf } from './repository.ts';

test.each(['docs/protocol.md', 'docs/how-to/ledger.md'])('%s has a row for each kind of entry', (path) => {
  const rows = textOf(path).matchAll(/^\| ([^|]+) \|[^|]*\| `[a-z-]+`.*\|$/gm);
  const named = [...rows].flatMap(([, first = '']) =>
    [...first.matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind),
  );
  expect(entryKinds.filter((kind) => !named.includes(kind))).toEqual([]);
});

test('the how-to has a row for each account', () => {
  const text = textOf('docs/how-to/ledger.md');
  expect(accounts.filter((account) => !text.includes(`\n| \`${account}\` |`))).toEqual([]);
});
