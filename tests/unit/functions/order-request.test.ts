import { orderRequestSchema } from '../../../functions/routes/orders.ts';

const orderFor = (name: string) => ({
  runId: 'G1~2026-12-01',
  from: 'VNP',
  to: 'AOH',
  class: 'second',
  passengers: [{ name, type: 'adult' }],
  contact: { email: 'zhang@example.com' },
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
