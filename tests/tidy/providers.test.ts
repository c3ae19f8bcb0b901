import { providerNames } from '../../shared/payments/known-providers.ts';
import { codeFiles, findAll } from './repository.ts';

/** Where a provider is named: its entry, folder, callback and sandbox, the list, and the buyer of the smoke test. */
const named = (provider: string): RegExp =>
  new RegExp(
    `^shared/payments/(?:known-providers|providers)\\.ts$|^shared/payments/${provider}/` +
      `|^functions/payment-callbacks/${provider}\\.ts$|^infra/local/providers/|^cli/smoke/sandboxes\\.ts$`,
  );

const product = codeFiles.filter((path) => /^(?:shared|functions|infra|cli)\//.test(path));

test.each(providerNames)('%s is named where a provider is added, and nowhere else', (provider) => {
  const name = new RegExp(provider, 'i');
  const elsewhere = product.filter((path) => !named(provider).test(path));
  expect(findAll(elsewhere, name)).toEqual([]);
  for (const path of [
    'shared/payments/known-providers.ts',
    'shared/payments/providers.ts',
    `functions/payment-callbacks/${provider}.ts`,
  ])
    expect({ path, found: findAll([path], name) }).not.toEqual({ path, found: [] });
});
