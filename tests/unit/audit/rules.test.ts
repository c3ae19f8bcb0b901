import { invariants, type Invariant, type RunPart } from '../../../shared/audit/model.ts';
import { audit } from '../../../shared/audit/rules.ts';
import { ownerOf } from '../../../shared/inventory/owner.ts';
import type { ShardState } from '../../../shared/inventory/pieces.ts';
import { itemsOf, type CommittedOrder } from '../../../shared/orders/model.ts';
import type { ClaimPart } from '../../../shared/audit/model.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { sampleNow, sampleSnapshot, type Spoilable } from '../../support/sample-snapshot.ts';
import { sampleEntry } from '../../support/sample-entry.ts';
import { attentionFaults } from './attention-faults.ts';
import { costsFaults, rightCosts } from './costs-faults.ts';
import { grant } from './granted.ts';
import { moneyFaults } from './money-faults.ts';
import { exchangeFaults } from './exchange-faults.ts';
import { refundFaults } from './refund-faults.ts';
import { waiverFaults } from './waiver-faults.ts';
import { retentionFaults } from './retention-faults.ts';

const issued = 0;
const held = 1;
const refunding = 2;

const suspect = 0;
const note = 1;

const orderIn = ({ orders }: Spoilable, which: number): CommittedOrder & { inDueIndex: boolean } =>
  orders[which]!.order as CommittedOrder & { inDueIndex: boolean };
const itemIn = (world: Spoilable, which: number) => itemsOf(orderIn(world, which))[0]!;
const paymentIn = ({ orders }: Spoilable, which: number) => orders[which]!.payments[0]!;
const shardIn = ({ runs }: Spoilable) => runs[0]!.shards[0]!;
type Pieces = Map<string, ShardState['pieces'] extends ReadonlyMap<string, infer Value> ? Value : never>;
const piecesIn = (world: Spoilable) => shardIn(world).state.pieces as Pieces;
const stranger = orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9Z');
const strangerOwner = ownerOf(stranger, Buffer.from([9, 9, 9, 9]), plusSeconds(sampleNow, -3600));
/** The claims that hold the passengers of one order; each test spoils the first of them. */
const claimOf = (world: Spoilable, which: number) =>
  world.claims.find(({ claims }) => Object.keys(claims)[0]?.startsWith(orderIn(world, which).orderId))!;
const changeClaim = (part: ClaimPart, claims: ClaimPart['claims']) => Object.assign(part, { claims });

/** One way to break each invariant. What else must then be found, since one fault may be two, stands beside it. */
const faults: Record<Invariant, { spoil: (world: Spoilable) => void; also?: Invariant[] }[]> = {
  readable: [
    { spoil: ({ runs }) => runs[0]!.unreadable.push({ ...runs[0]!.shards[0]!.key, shard: 7 }) },
    {
      spoil: ({ orders }) => {
        orders[held]!.order = undefined;
      },
      also: ['piece-named', 'claim-needed', 'open-count', 'seat-count', 'retention-kept'],
    },
  ],
  'run-frozen': [
    { spoil: ({ runs }) => Object.assign(runs[0]!, { run: undefined } satisfies Partial<RunPart>) },
  ],
  'generation-left': [
    { spoil: ({ runs }) => Object.assign(runs[0]!.run!, { generation: 2 }) },
    {
      spoil: (world) => {
        Object.assign(shardIn(world).state, { closed: 1 });
        Object.assign(world.runs[0]!.run!, { generation: 2 });
      },
    },
    {
      spoil: ({ runs }) =>
        runs[0]!.shards.push({
          key: { ...runs[0]!.shards[0]!.key, generation: 2 },
          state: { closed: undefined, pieces: new Map() },
        }),
    },
  ],
  'line-covered': [
    { spoil: (world) => piecesIn(world).delete('903'), also: ['view-true'] },
    {
      spoil: (world) => piecesIn(world).set('901', { seat: 9, from: 0, to: 1, owner: 'free' }),
      also: ['view-true'],
    },
    {
      spoil: (world) => piecesIn(world).set('A03', { seat: 10, from: 0, to: 3, owner: 'free' }),
      also: ['view-true'],
    },
  ],
  'piece-named': [
    {
      spoil: (world) => piecesIn(world).set('903', { seat: 9, from: 0, to: 3, owner: strangerOwner }),
      also: ['view-true'],
    },
  ],
  'piece-named-once': [
    {
      spoil: (world) => {
        const [first, second] = itemsOf(orderIn(world, held));
        second!.place = first!.place;
      },
      also: ['piece-named'],
    },
  ],
  'item-owns-piece': [
    {
      spoil: (world) => piecesIn(world).set('003', { seat: 0, from: 0, to: 3, owner: 'free' }),
      also: ['view-true'],
    },
    {
      spoil: (world) => piecesIn(world).set('003', { seat: 0, from: 0, to: 3, owner: strangerOwner }),
      also: ['piece-named'],
    },
  ],
  'fence-holds': [
    {
      spoil: (world) =>
        Object.assign(orderIn(world, held), { fenced: new Set([itemIn(world, held).place.owner]) }),
    },
  ],
  'not-overdue': [
    {
      spoil: ({ indexedItems }) =>
        Object.assign(indexedItems[suspect]!, { dueAt: plusSeconds(sampleNow, -181) }),
    },
    {
      spoil: ({ indexedItems }) =>
        Object.assign(indexedItems[note]!, { dueAt: plusSeconds(sampleNow, -10_801) }),
    },
    { spoil: (world) => Object.assign(orderIn(world, held), { expiresAt: plusSeconds(sampleNow, -181) }) },
    { spoil: (world) => Object.assign(paymentIn(world, held), { dueAt: plusSeconds(sampleNow, -181) }) },
    {
      spoil: ({ orders }) =>
        Object.assign(orders[refunding]!.refunds[0]!, { dueAt: plusSeconds(sampleNow, -181) }),
    },
    {
      spoil: (world) =>
        Object.assign(itemIn(world, refunding), {
          state: 'releasing',
          releaseDue: plusSeconds(sampleNow, -600),
        }),
      also: ['due-indexed'],
    },
  ],
  'due-indexed': [
    { spoil: ({ indexedItems }) => Object.assign(indexedItems[suspect]!, { inDueIndex: false }) },
    { spoil: (world) => Object.assign(orderIn(world, held), { inDueIndex: false }) },
    { spoil: (world) => Object.assign(paymentIn(world, held), { inDueIndex: false }) },
    { spoil: ({ orders }) => Object.assign(orders[refunding]!.refunds[0]!, { inDueIndex: false }) },
  ],
  ...attentionFaults,
  ...refundFaults,
  ...exchangeFaults,
  ...waiverFaults,
  ...retentionFaults,
  'claims-apart': [
    {
      spoil: (world) => {
        const part = claimOf(world, held);
        const [time] = Object.values(part.claims);
        changeClaim(part, { ...part.claims, [`${stranger}-1`]: time! });
      },
      also: ['claim-needed'],
    },
  ],
  'claim-kept': [
    { spoil: (world) => changeClaim(claimOf(world, held), {}) },
    {
      spoil: (world) => {
        const part = claimOf(world, held);
        const [[holder, time] = []] = Object.entries(part.claims);
        changeClaim(part, { [holder!]: { ...time!, to: plusSeconds(time!.to, -60) } });
      },
    },
  ],
  'claim-needed': [
    {
      spoil: ({ claims }) =>
        claims.push({
          claim: 'forgotten',
          day: '2026-12-02',
          claims: { [`${stranger}-1`]: { from: sampleNow, to: sampleNow } },
        }),
    },
  ],
  'open-count': [
    { spoil: ({ userCounts }) => Object.assign(userCounts[1]!, { openOrders: 0 }) },
    { spoil: ({ userCounts }) => Object.assign(userCounts[0]!, { openOrders: 2 }) },
  ],
  'entry-count': [{ spoil: ({ userCounts }) => Object.assign(userCounts[0]!, { openEntries: 1 }) }],
  'entry-fulfilled': [
    { spoil: (world) => Object.assign(orderIn(world, issued), { entryId: orderIn(world, issued).orderId }) },
    {
      spoil: (world) => {
        const { orderId, userId, amount } = orderIn(world, issued);
        const entry = sampleEntry('withdrawn', { entryId: orderId, ownerId: userId, amount });
        Object.assign(world.orders[issued]!, { waitlisted: entry });
      },
    },
  ],
  'ended-count': [
    { spoil: ({ userCounts }) => Object.assign(userCounts[2]!, { ended: new Map() }) },
    { spoil: ({ userCounts }) => Object.assign(userCounts[0]!, { ended: new Map([['2026-11-20', 1]]) }) },
    { spoil: (world) => Object.assign(orderIn(world, refunding), { endsOn: '2026-11-21' }) },
  ],
  'seat-count': [
    { spoil: ({ userCounts }) => Object.assign(userCounts[1]!, { seats: new Map() }) },
    {
      spoil: ({ userCounts, runs }) =>
        Object.assign(userCounts[2]!, { seats: new Map([[runs[0]!.runId, -1]]) }),
    },
  ],
  'ticket-issued': [{ spoil: ({ orders }) => orders[issued]!.tickets.pop() }],
  'ticket-backed': [
    { spoil: ({ orders }) => orders[held]!.tickets.push(...orders[issued]!.tickets) },
    { spoil: ({ orders }) => Object.assign(orders[issued]!.tickets[0]!, { seat: '99Z' }) },
  ],
  ...moneyFaults,
  'view-true': [
    { spoil: ({ runs }) => Object.assign(runs[0]!, { view: undefined }) },
    { spoil: ({ runs }) => (runs[0]!.view!.free['second']![0]! += 1) },
  ],
};

test('a world in which all is well has no finding', () => {
  expect(audit(sampleSnapshot())).toEqual([]);
});

test('money of an issued order that is given back in parts has no finding', () => {
  const world = sampleSnapshot();
  grant(world);
  expect(audit(world)).toEqual([]);
});

test.each(rightCosts)('%s: no finding', (_, make) => {
  const world = sampleSnapshot();
  make(world);
  expect(audit(world)).toEqual([]);
});

describe.each([...Object.entries(faults), ...Object.entries(costsFaults)])('%s', (invariant, ways) => {
  test.each(ways.map((way, index) => [index + 1, way] as const))(
    'broken, way %i, is found',
    (_, { spoil, also = [] }) => {
      const world = sampleSnapshot();
      spoil(world);
      const findings = audit(world);
      expect(findings).not.toEqual([]);
      expect(new Set(findings.map((finding) => finding.invariant))).toEqual(new Set([invariant, ...also]));
      for (const finding of findings) {
        expect(finding.severity).toBe(invariants[finding.invariant]);
        expect(finding.what).toMatch(/^[^\n]+$/);
        for (const personal of ['张三', 'Schmidt', 'zhang@']) expect(finding.what).not.toContain(personal);
      }
    },
  );
});

describe('what is on its way is no finding', () => {
  test('a piece taken just now that no order names yet', () => {
    const world = sampleSnapshot();
    const owner = ownerOf(stranger, Buffer.alloc(4), plusSeconds(sampleNow, -60));
    piecesIn(world).set('903', { seat: 9, from: 0, to: 3, owner });
    Object.assign(world.runs[0]!.view!, { asOf: plusSeconds(sampleNow, -1) });
    expect(audit(world)).toEqual([]);
  });

  test('the pieces of an order whose seats are just being given back', () => {
    const world = sampleSnapshot();
    const order = orderIn(world, held);
    Object.assign(order, {
      state: 'releasing',
      endReason: 'expired',
      history: [{ at: sampleNow, event: 'order-releasing' }],
    });
    for (const item of itemsOf(order)) Object.assign(item, { state: 'releasing', releaseDue: sampleNow });
    expect(audit(world)).toEqual([]);
    piecesIn(world).set('203', { seat: 2, from: 0, to: 3, owner: 'free' });
    Object.assign(world.runs[0]!.view!, { asOf: sampleNow });
    expect(audit(world)).toEqual([]);
  });

  test('a closing order that waits for a silent provider until its grace is over', () => {
    const world = sampleSnapshot();
    Object.assign(orderIn(world, held), {
      state: 'closing',
      endReason: 'expired',
      expiresAt: plusSeconds(sampleNow, -400),
    });
    expect(audit(world)).toEqual([]);
    Object.assign(orderIn(world, held), { expiresAt: plusSeconds(sampleNow, -481) });
    expect(audit(world).map(({ invariant }) => invariant)).toEqual(['not-overdue']);
  });
});
