import { orderRequestSchema } from '../../../functions/routes/orders.ts';

const orderFor = (name: string, email = 'zhang@example.com') => ({
  runId: 'G1~2026-12-01',
  from: 'VNP',
  to: 'AOH',
  class: 'second',
  passengers: [{ name, type: 'adult' }],
  contact: { email },
});

describe("a passenger's name", () => {
  test.each(['张三', 'Anna Schmidt-Böll', "Zoë O'Neill", 'عمر', 'क्षितिज', 'نازی\u200cآباد'])(
    'may be %s',
    (name) => {
      expect(orderRequestSchema.safeParse(orderFor(name)).success).toBe(true);
    },
  );

  test.each([
    ['a line break', 'Anna\r\nBcc: all@example.com'],
    ['a zero byte', 'Anna\0'.concat('B')],
    ['writing turned round', '\u202Etdimhcs anna'],
  ])('may not have %s', (_, name) => {
    expect(orderRequestSchema.safeParse(orderFor(name)).error?.issues).toMatchObject([
      { path: ['passengers', 0, 'name'], message: 'contains a character that a name cannot have' },
    ]);
  });
});

test('a name and an address are taken in their one spelling', () => {
  const typed = orderFor(' Jose\u0301  O\u2019Brien\u200b ', ' Zhang@例子.中国');
  expect(orderRequestSchema.parse(typed)).toMatchObject({
    passengers: [{ name: 'José O’Brien' }],
    contact: { email: 'Zhang@xn--fsqu00a.xn--fiqs8s' },
  });
});

test('a name has a hundred characters at most, whatever their script', () => {
  expect(orderRequestSchema.safeParse(orderFor('𠮷'.repeat(100))).success).toBe(true);
  for (const length of [101, 5000]) {
    const { error } = orderRequestSchema.safeParse(orderFor('a'.repeat(length)));
    expect(error?.issues).toMatchObject([
      { path: ['passengers', 0, 'name'], message: 'must have at most 100 characters' },
    ]);
  }
});

test('what is said about a wrong name or address never repeats it', () => {
  const { error } = orderRequestSchema.safeParse(orderFor('Secret\0name', 'secret(at)example'));
  expect(error?.issues).toHaveLength(2);
  expect(JSON.stringify(error?.issues)).not.toMatch(/secret/i);
});
