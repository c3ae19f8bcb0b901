import { assembly, type Stack } from './synthesis.ts';

let stacks: Stack[];
beforeAll(() => {
  ({ stacks } = assembly());
}, 120_000);

describe('the stacks', () => {
  /** The stacks that this one imports something of. */
  const importsOf = ({ Resources, Outputs }: Stack): string[] => {
    const imported = JSON.stringify({ Resources, Outputs }).matchAll(/"Fn::ImportValue":"Keyun-dev-(\w+):/g);
    return [...new Set([...imported].map(([, name = '']) => name))].sort();
  };

  test('stand on the data; the operators’ names the others, and none names it, so each is deployed by itself', () => {
    expect(Object.fromEntries(stacks.map((stack) => [stack.name.slice(10), importsOf(stack)]))).toEqual({
      Api: ['Data'],
      Data: [],
      Operators: ['Api', 'Data', 'Selling'],
      Selling: ['Data'],
    });
  });

  // CloudFormation takes 500.
  test('have no more than 400 resources each', () => {
    const big = stacks.filter(({ Resources }) => Object.keys(Resources).length > 400);
    expect(big.map(({ name }) => name)).toEqual([]);
    expect(stacks.every(({ Resources }) => Object.keys(Resources).length > 10)).toBe(true);
  });
});
