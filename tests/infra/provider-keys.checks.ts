import { grants } from '../../infra/constructs/grants.ts';
import { providerSecrets } from './provider-secrets.ts';
import { assembly, functionNamed, ofType, target, type Template, type Value } from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = assembly());
}, 120_000);

/** The providers whose secret a function may read, and those whose secret its environment names. */
const keysOf = (entry: string): { reads: string[]; told: string[] } => {
  const [, { Properties: properties }] = functionNamed(whole, entry);
  const role = target(properties['Role']);
  const rights = ofType(whole, 'AWS::IAM::Policy')
    .map(([, policy]) => policy.Properties)
    .filter((policy) => (policy['Roles'] as Value[]).some((one) => target(one) === role));
  const { Variables: environment } = properties['Environment'] as { Variables: object };
  const namesIn = (of: unknown) => (part: string) => JSON.stringify(of).includes(part);
  return {
    reads: providerSecrets.filter(({ id }) => namesIn(rights)(id)).map(({ name }) => name),
    told: providerSecrets.filter(({ variable }) => variable in environment).map(({ name }) => name),
  };
};

/** They collect money, close payments, pay refunds, or say what passengers can pay with. */
const paying =
  /^(?:api\/payments\/|api\/orders\/cancel-order$|events\/submit-refund$|workflow\/close-payment$|schedule\/)/;

test.each(providerSecrets)('the callback of $name knows the keys of no other provider', ({ name }) => {
  expect(keysOf(`payment-callbacks/${name}`)).toEqual({ reads: [name], told: [name] });
});

test('no function that does not pay knows the keys of any provider', () => {
  const others = Object.keys(grants).filter(
    (entry) => !paying.test(entry) && !entry.startsWith('payment-callbacks'),
  );
  expect(others.length).toBeGreaterThan(20);
  for (const entry of others) expect({ entry, ...keysOf(entry) }).toEqual({ entry, reads: [], told: [] });
});
