import { routes } from '../../functions/routes.ts';
import { namesLookingAt, type FirewallRule } from '../support/firewall-rules.ts';
import { frontContext } from './front-context.ts';
import { ofType, synthesize, templates, type Template } from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = templates(synthesize(frontContext)));
}, 120_000);

describe('the firewall', () => {
  const rules = () => {
    const [[, acl] = []] = ofType(whole, 'AWS::WAFv2::WebACL');
    expect(acl?.Properties['Scope']).toBe('CLOUDFRONT');
    return acl?.Properties['Rules'] as unknown as FirewallRule[];
  };

  test('has five rules, each of which costs a dollar a month', () => {
    expect(rules().map(({ Name }) => Name)).toEqual([
      'BodySize',
      'Purchases',
      'Requests',
      'CommonRuleSet',
      'KnownBadInputsRuleSet',
    ]);
  });

  const lookingAt = (method: string, path: string) => namesLookingAt(rules(), { method, path });

  test('looks at no callback but for its size, and at everything that only looks like one', () => {
    const callbacks = Object.values(routes).filter(({ caller }) => caller === 'provider');
    expect(callbacks.length).toBeGreaterThan(2);
    for (const { path } of callbacks) expect([path, lookingAt('POST', path)]).toEqual([path, ['BodySize']]);
    for (const path of [
      '/v1/journeys',
      '/v1/payment-callbacks/',
      '/v1/payment-callbacks/nobody',
      '/v1/payment-callbacks/alipay/x',
      '/v1/payment-callbacks/alipay/../../journeys',
      '/v1/payment-callbacks/%61lipay',
    ])
      expect([path, lookingAt('POST', path)]).toEqual([
        path,
        ['BodySize', 'Requests', 'CommonRuleSet', 'KnownBadInputsRuleSet'],
      ]);
  });

  test.each([
    '/v1/orders',
    '/v1/orders/01/payments',
    '/v1/%6frders',
    '/v1/%6Frders/01/cancellation',
    '/v1//orders',
    '/v1/x/../orders',
    '/v1/payment-callbacks/../orders',
  ])('counts a purchase however its path is written: %s', (path) => {
    expect(lookingAt('POST', path)).toContain('Purchases');
    expect(lookingAt('GET', path)).not.toContain('Purchases');
  });

  test('is stricter about purchases, and says when to come again', () => {
    const limits = rules().flatMap(({ Name, Statement, Action }) => {
      const { RateBasedStatement: rate } = Statement;
      return rate
        ? [[Name, rate.Limit, rate.AggregateKeyType, JSON.stringify(Action).includes('"Value":"60"')]]
        : [];
    });
    expect(limits).toEqual([
      ['Purchases', 1000, 'IP', true],
      ['Requests', 10_000, 'IP', true],
    ]);
  });
});
