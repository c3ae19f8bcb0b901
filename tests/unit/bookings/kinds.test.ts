import { attentionKinds } from '../../../shared/bookings/attention.ts';
import { kinds } from '../../../shared/bookings/kinds.ts';

describe('the registry of kinds of items', () => {
  const all = Object.values(kinds);

  test('each thing that a person is asked for belongs to one kind, or to whatever the clean-up fails for', () => {
    const asked = [...all.flatMap(({ person }) => [...person]), 'keeps-failing'];
    expect(asked.toSorted()).toEqual(Object.keys(attentionKinds).toSorted());
  });

  test('what goes with its order stands beside it', () => {
    const apart = all.filter(({ partition }) => partition !== kinds.order.partition);
    const tied = ['with-its-order', 'with-the-books', 'after-its-order', 'beside-its-order'];
    expect(apart.filter(({ ends, audit }) => tied.includes(String(ends)) || tied.includes(audit))).toEqual(
      [],
    );
  });
});
