import type { PayingDevice } from '../../../shared/payments/provider.ts';
import { decideMethod } from '../../../shared/paying/decide-method.ts';

const provider = {
  methods: [
    { name: 'page', action: 'redirect' },
    { name: 'in-app', action: 'parameters', needs: ['openid'] },
    { name: 'phone', action: 'redirect', needs: ['address'] },
  ] as const,
  methodFor: ({ userAgent }: PayingDevice) => (userAgent === 'phone' ? 'phone' : 'page'),
};
const device: PayingDevice = { userAgent: 'phone', address: '203.0.113.9', openid: undefined };

test.each([
  [undefined, device, { outcome: 'accepted', method: 'phone' }],
  [undefined, { userAgent: '' }, { outcome: 'accepted', method: 'page' }],
  ['page', device, { outcome: 'accepted', method: 'page' }],
  ['phone', device, { outcome: 'accepted', method: 'phone' }],
  ['phone', { userAgent: 'phone' }, { outcome: 'rejected', reason: 'needs-address' }],
  ['in-app', device, { outcome: 'rejected', reason: 'needs-openid' }],
  ['in-app', { ...device, openid: '' }, { outcome: 'rejected', reason: 'needs-openid' }],
  ['in-app', { ...device, openid: 'o1' }, { outcome: 'accepted', method: 'in-app' }],
  ['cash', device, { outcome: 'rejected', reason: 'no-such-method' }],
  ['', device, { outcome: 'rejected', reason: 'no-such-method' }],
])('the method %j on %j: %j', (wanted, of, decision) => {
  expect(decideMethod(provider, wanted, of)).toEqual(decision);
});
