import { clause, exists, expressionsOf } from '../../../shared/platform/clauses.ts';

const isOwnedBy = (owner: string) =>
  clause('#owner = :owner OR #owner = :nobody', { ':owner': owner, ':nobody': '' }, { '#owner': 'owner' });

test('a write has all of its clauses, each by itself, and what they speak of', () => {
  expect(
    expressionsOf({
      onlyIf: [exists, isOwnedBy('me')],
      update: 'SET #owner = :next',
      names: { '#owner': 'owner' },
      values: { ':next': 'you' },
    }),
  ).toEqual({
    ConditionExpression: '(attribute_exists(pk)) AND (#owner = :owner OR #owner = :nobody)',
    UpdateExpression: 'SET #owner = :next',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':owner': 'me', ':nobody': '', ':next': 'you' },
  });
});

test('what nothing speaks of is left out: DynamoDB refuses empty and unused names', () => {
  expect(expressionsOf({ onlyIf: [exists] })).toEqual({ ConditionExpression: '(attribute_exists(pk))' });
});

test.each([
  ['values', { onlyIf: [isOwnedBy('me'), isOwnedBy('you')] }],
  [
    'a value of the update',
    { onlyIf: [isOwnedBy('me')], update: 'SET x = :owner', values: { ':owner': 'you' } },
  ],
  ['names', { onlyIf: [isOwnedBy('me')], update: 'REMOVE #owner', names: { '#owner': 'holder' } }],
])('%s that mean two things by one name are no write', (_, write) => {
  expect(() => expressionsOf(write)).toThrow('two things');
});

test('bytes and sets may be spoken of twice, where they are the same', () => {
  const isIt = (it: Uint8Array) => clause('a = :it', { ':it': it });
  expect(expressionsOf({ onlyIf: [isIt(Uint8Array.of(1)), isIt(Uint8Array.of(1))] })).toMatchObject({
    ExpressionAttributeValues: { ':it': Uint8Array.of(1) },
  });
});
