import { entrySchema, type EntryIn, type EntryState } from '../../shared/entries/model.ts';

const fen = (amount: number) => ({ amount, currency: 'CNY' });

/** A wish for G1 on 2 December from 北京南 to 上海虹桥. */
export const sampleWish = (more: object = {}) => ({
  runId: 'G1~2026-12-02',
  trip: 'G1',
  from: { stopId: 'S0', name: '北京南', departs: '2026-12-02T09:05:00+08:00' },
  to: { stopId: 'S3', name: '上海虹桥', arrives: '2026-12-02T12:00:00+08:00' },
  departsAt: '2026-12-02T01:05:00.000Z',
  arrivesAt: '2026-12-02T04:00:00.000Z',
  class: 'second',
  fares: [fen(30_000)],
  amount: fen(30_000),
  cutOffAt: '2026-12-01T23:05:00.000Z',
  ...more,
});

const ofState = (state: EntryState): object => {
  const paid = { paidBy: '01KBZ5Q7W8XN3V4M5T6R7S8P9A_1', waitingSince: '2026-12-01T00:01:00.000Z' };
  if (state === 'unpaid' || state === 'withdrawn') return {};
  if (state === 'ended') return { endReason: 'unpaid' };
  return { ...paid, ...(state === 'fulfilled' && { fulfilledWish: 0 }) };
};

/** An entry of the waitlist in a state, with one passenger and one wish. */
export const sampleEntry = <State extends EntryState>(state: State, more: object = {}) => ({
  ...(entrySchema.parse({
    entryId: '01KBZ5Q7W8XN3V4M5T6R7S8P9A',
    ownerId: 'user-1',
    placedAt: '2026-12-01T00:00:00.000Z',
    wishes: [sampleWish()],
    passengers: [{ name: '张三', nameMasked: '张*', type: 'adult', documentClaim: 'claim-1' }],
    contact: { email: 'someone@example.com', locale: 'zh-CN' },
    amount: fen(30_000),
    expiresAt: '2026-12-01T00:15:00.000Z',
    arrivesAt: '2026-12-02T04:00:00.000Z',
    history: [{ at: '2026-12-01T00:00:00.000Z', event: 'entry-placed' }],
    ...ofState(state),
    state,
    ...more,
  }) as EntryIn<State>),
  inDueIndex: false,
  inAttentionIndex: false,
});
