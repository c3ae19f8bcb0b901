import { seeKind } from './judged-kinds.ts';

const order = 'ORDER#01KBZ5Q7W8XN3V4M5T6R7S8P9A';
const rulesOf = (...write: Parameters<typeof seeKind>) => seeKind(...write).map(({ rule }) => rule);

describe('the judge of kinds of items', () => {
  test('what is of no kind that it knows is wrong', () => {
    expect(rulesOf(`${order} UNHEARD-OF`, undefined, {})).toEqual(['known-kind']);
    expect(rulesOf(`${order} SENT#x#email`, undefined, {})).toEqual([]);
  });

  test('what nobody does anything about may not be due', () => {
    expect(rulesOf(`${order} TICKET#1`, undefined, { state: 'issued', dueShard: 'DUE#1' })).toEqual([
      'known-kind',
    ]);
    expect(rulesOf(`${order} SUSPECT#x`, undefined, { dueShard: 'DUE#1' })).toEqual([]);
  });

  test('a person is asked for what the kind may need one for, or for what fails on and on', () => {
    const asking = (kind: string) => ({ state: 'created', attention: { kind } });
    const before = { state: 'created' };
    expect(rulesOf(`${order} PAYMENT#x`, before, asking('refund-declined'))).toEqual(['known-kind']);
    expect(rulesOf(`${order} PAYMENT#x`, before, asking('payment-unclosed'))).toEqual([]);
    expect(rulesOf(`${order} PAYMENT#x`, before, asking('keeps-failing'))).toEqual([]);
    expect(rulesOf('RUN#x GONE', {}, asking('keeps-failing'))).toEqual(['known-kind']);
  });

  test('states move as their table says, from the first one', () => {
    const moved = (name: string, from: string | undefined, to: string) =>
      rulesOf(`${order} ${name}`, from === undefined ? undefined : { state: from }, { state: to });
    expect(moved('ORDER', undefined, 'issued')).toEqual(['transition']);
    // The waitlist's order is born paid.
    expect(moved('ORDER', undefined, 'paid')).toEqual([]);
    expect(moved('ORDER', 'held', 'refunded')).toEqual(['transition']);
    expect(moved('PAYMENT#x', undefined, 'created')).toEqual([]);
    expect(moved('REFUND#x', 'succeeded', 'requested')).toEqual(['transition']);
    expect(moved('RETENTION', 'whole', 'over')).toEqual(['transition']);
    expect(moved('RETENTION', 'leaving', 'stripped')).toEqual([]);
  });

  test('what was booked is written once', () => {
    expect(rulesOf(`${order} JOURNAL#x`, {}, {})).toEqual(['kept-as-written']);
    expect(rulesOf(`${order} JOURNAL#x`, undefined, {})).toEqual([]);
  });
});
