import { itemsOf, type OrderState } from '../../../shared/orders/model.ts';
import { ownerOf } from '../../../shared/inventory/owner.ts';
import { paymentIdOf } from '../../../shared/platform/ids.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import {
  deadTriesOf,
  decideNotHeld,
  decideTravel,
  decideTry,
  decideUse,
} from '../../../shared/paying/decide-use.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { sampleRun } from '../../support/sample-run.ts';

const captured = samplePayment('captured', { capturedAt: sampleOrder('held').createdAt });
const surplus = { ...captured, paymentId: paymentIdOf(captured.orderId, 2) };

describe('captured money', () => {
  test.each<[Exclude<OrderState, 'void'>, object]>([
    ['held', { use: 'pay' }],
    ['closing', { use: 'pay' }],
    ['releasing', { reason: 'seats-busy' }],
    ['expired', { use: 'pay-late' }],
    ['cancelled', { use: 'pay-late' }],
    ['paid', { use: 'refund-surplus' }],
    ['issued', { use: 'refund-surplus' }],
    ['refunding', { use: 'refund-surplus' }],
    ['refunded', { use: 'refund-surplus' }],
  ])('of an order that is %s', (state, expected) => {
    expect(decideUse(surplus, sampleOrder(state))).toMatchObject(expected);
  });

  test('that pays its order just now, by another hand, is looked at again', () => {
    expect(decideUse(captured, sampleOrder('paid'))).toMatchObject({ reason: 'changed-meanwhile' });
  });

  test('has no further use once it is applied, and money that never came has none', () => {
    const applied = { ...captured, appliedAt: captured.createdAt };
    expect(decideUse(applied, sampleOrder('held'))).toMatchObject({ use: 'none' });
    expect(decideUse(samplePayment('pending'), sampleOrder('held'))).toMatchObject({ use: 'none' });
    expect(decideUse(undefined, undefined)).toMatchObject({ use: 'none' });
  });

  test('without an order is a fault, and is thrown', () => {
    expect(() => decideUse(captured, undefined)).toThrow('has no order');
  });
});

describe('late money', () => {
  const run = sampleRun('2026-12-01', 2);
  const [boards, alights] = [run.stops[0]!, run.stops[3]!];
  const order = {
    ...sampleOrder('expired'),
    departsAt: boards.departs,
    from: { ...sampleOrder('expired').from, stopId: boards.stopId },
    to: { ...sampleOrder('expired').to, stopId: alights.stopId },
  };
  const before = plusSeconds(boards.departs, -60);
  const back = (refundFor: string) => ({ reason: 'late-money', refundFor });

  test('may buy its seats again while the run takes its passengers along', () => {
    expect(decideTravel(order, { run, newest: run }, before)).toEqual({ outcome: 'accepted' });
  });

  test('goes back with the reason for which nobody travels', () => {
    expect(decideTravel(order, { run, newest: undefined }, before)).toMatchObject(back('run-gone'));
    expect(decideTravel(order, { run, newest: run }, boards.departs)).toMatchObject(back('departed'));
    expect(decideTravel(order, { run: undefined, newest: undefined }, before)).toMatchObject(
      back('late-payment'),
    );
  });

  test('goes back where a passenger travels at that time by now', () => {
    const time = { from: order.departsAt, to: order.arrivesAt };
    const wish = { claim: 'c', holder: 'mine', time };
    const claimed = { claim: 'c', day: '2026-12-01', version: 1, claims: { other: time } };
    expect(decideTry(order, { wishes: [wish], claims: [claimed] }, before)).toMatchObject(
      back('late-payment'),
    );
    expect(decideTry(order, { wishes: [wish], claims: [] }, before)).toEqual({ outcome: 'accepted' });
  });

  test('goes back after fifty tries in vain', () => {
    const fenced = (count: number) => ({
      ...order,
      fenced: new Set(
        Array.from({ length: count }, (_, n) => `${n}`.padStart(32, 'A')),
      ) as typeof order.fenced,
    });
    const free = { wishes: [], claims: [] };
    expect(decideTry(fenced(49), free, before)).toEqual({ outcome: 'accepted' });
    expect(decideTry(fenced(50), free, before)).toMatchObject(back('late-payment'));
  });

  const places = Object.values(order.items).map(({ place }) => place);
  const generation = places[0]!.shard.generation;
  const of = (more: Partial<Run>): Run => ({ ...run, generation, ...more });
  test.each<[string, Parameters<typeof decideNotHeld>[0], Run | undefined, object]>([
    ['are gone', 'gone', undefined, back('late-payment')],
    ['are taken by somebody at this moment', 'busy', undefined, { reason: 'seats-busy' }],
    ['are held by another try of the order', 'own-order', undefined, { reason: 'seats-busy' }],
    ['are of a run that is being changed', 'closed', of({}), { reason: 'seats-busy' }],
    ['are of a run that has changed', 'closed', of({ generation: generation + 1 }), back('late-payment')],
    ['are of a run that is closed', 'closed', of({ state: 'closed' }), back('late-payment')],
    ['are of a run that is not there', 'closed', undefined, back('late-payment')],
  ])('finds that its seats %s', (_, reason, seen, expected) => {
    expect(decideNotHeld(reason, { order, run: seen }, before)).toMatchObject(expected);
  });

  test('whose seats are gone after departure goes back as departed', () => {
    expect(decideNotHeld('gone', { order, run }, boards.departs)).toMatchObject(back('departed'));
  });
});

describe('given tries of the same order that block its own seats', () => {
  const order = sampleOrder('expired');
  const [{ place }] = itemsOf(order) as [ReturnType<typeof itemsOf>[number]];
  const begun = order.expiresAt;
  const tryAt = (seconds: number, nonce: number) => ({
    ...place,
    owner: ownerOf(order.orderId, Buffer.alloc(4, nonce), plusSeconds(begun, seconds)),
  });
  const [older, newer] = [tryAt(0, 1), tryAt(30, 2)];

  test('when the last moment has come in which one may commit, then none is dead', () => {
    expect(deadTriesOf([older, newer], plusSeconds(begun, 59))).toEqual([]);
  });

  test('when a minute has passed for one of them, then that one alone is dead', () => {
    expect(deadTriesOf([newer, older], plusSeconds(begun, 60))).toEqual([older]);
  });

  test('when a minute has passed for each, then all are dead, in their order', () => {
    expect(deadTriesOf([newer, older], plusSeconds(begun, 90))).toEqual([newer, older]);
  });

  test('when there are none, then none is dead', () => {
    expect(deadTriesOf([], plusSeconds(begun, 90))).toEqual([]);
  });
});
