import { audit } from '../../../shared/audit/rules.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { sampleNow, sampleSnapshot, type Spoilable } from '../../support/sample-snapshot.ts';

const held = 1;
const refunding = 2;
const asked = { kind: 'keeps-failing', why: 'a test', since: sampleNow } as const;
const paymentIn = ({ orders }: Spoilable, which: number) => orders[which]!.payments[0]!;

describe('what a person has been told of is no finding', () => {
  const told = { attention: asked, inAttentionIndex: true };

  test.each(['failed', 'settling', 'submitted'] as const)('a refund that is %s for long', (state) => {
    const world = sampleSnapshot();
    const requestedAt = plusSeconds(sampleNow, -10 * 86_400);
    Object.assign(world.orders[refunding]!.refunds[0]!, { state, requestedAt, ...told });
    expect(audit(world)).toEqual([]);
  });

  test('a payment that can still be paid, or ran out just now, however long that is', () => {
    const world = sampleSnapshot();
    const createdAt = plusSeconds(sampleNow, -10 * 3600);
    const expiresAt = plusSeconds(sampleNow, -3600);
    Object.assign(paymentIn(world, held), { createdAt, expiresAt });
    expect(audit(world).filter(({ invariant }) => invariant === 'attention-flagged')).toEqual([]);
  });

  test('a payment that nobody can close', () => {
    const world = sampleSnapshot();
    Object.assign(paymentIn(world, held), { expiresAt: plusSeconds(sampleNow, -10 * 86_400), ...told });
    expect(audit(world)).toEqual([]);
  });
});

describe('an order that has ended', () => {
  const called = (kind: string, secondsAgo: number) => {
    const world = sampleSnapshot();
    const order = world.orders[0]!.order!;
    if (order.state === 'void') throw new Error('the sample is no order');
    const at = plusSeconds(sampleNow, -secondsAgo);
    Object.assign(order, {
      attention: { kind, why: 'a test', since: sampleNow },
      inAttentionIndex: true,
      history: [...order.history.slice(0, -1), { ...order.history.at(-1)!, at }],
    });
    return audit(world).filter(({ invariant }) => invariant === 'attention-over').length;
  };

  test('may ask for a person about what only a person settles', () => {
    expect(called('workflow-died', 3600)).toBe(0);
  });

  test('asks in vain for what kept failing, once the clean-up has had its time', () => {
    expect(called('keeps-failing', 60)).toBe(0);
    expect(called('keeps-failing', 3600)).toBe(1);
  });
});
