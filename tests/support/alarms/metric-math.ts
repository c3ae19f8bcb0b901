/** One value of a metric or an expression in one period; undefined is missing data. */
export type Value = number | undefined;
type Node = (values: (id: string) => Value) => Value;

const tokens = /\s*(>=|<=|>|<|==|AND\b|OR\b|[A-Za-z_]\w*|\d+(?:\.\d+)?|[[\](),])/gy;

const functions: Readonly<Record<string, (...values: Value[]) => Value>> = {
  // Missing data anywhere but in the part that is not chosen makes the whole missing.
  IF: (condition, then, otherwise) =>
    condition === undefined ? undefined : condition !== 0 ? then : otherwise,
  FILL: (value, instead) => value ?? instead,
  SUM: (...values) => ofPresent(values, (present) => present.reduce((a, b) => a + b, 0)),
  MAX: (...values) => ofPresent(values, (present) => Math.max(...present)),
};

const ofPresent = (values: readonly Value[], fold: (present: number[]) => number): Value => {
  const present = values.filter((value) => value !== undefined);
  return present.length === 0 ? undefined : fold(present);
};

const operators: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '==': (a, b) => a === b,
  AND: (a, b) => a !== 0 && b !== 0,
  OR: (a, b) => a !== 0 || b !== 0,
};

/**
 * The part of CloudWatch's metric math that the alarms use, for one period at a time (source: "Using math expressions
 * with CloudWatch metrics"). Throws for anything else.
 */
export const parseMetricMath = (expression: string): Node => {
  const words = wordsOf(expression);
  let at = 0;
  const next = (): string => words[at++] ?? '';
  const expect = (word: string): void => {
    if (next() !== word) throw new Error(`expected ${word} in ${expression}`);
  };
  const list = (end: string): Node[] => {
    const nodes = [either()];
    while (words[at] === ',') {
      at += 1;
      nodes.push(either());
    }
    expect(end);
    return nodes;
  };
  const single = (): Node => {
    const word = next();
    if (/^\d/.test(word)) return () => Number(word);
    if (words[at] !== '(') return (values) => values(word);
    at += 1;
    const isArray = words[at] === '[';
    if (isArray) at += 1;
    const parts = list(isArray ? ']' : ')');
    if (isArray) expect(')');
    const call = functions[word];
    if (!call) throw new Error(`${word} is not known here`);
    return (values) => call(...parts.map((part) => part(values)));
  };
  const chain = (operand: () => Node, names: readonly string[]): Node => {
    let left = operand();
    while (names.includes(words[at] ?? '')) {
      const [a, operator, b] = [left, operators[next()], operand()];
      left = (values) => {
        const [x, y] = [a(values), b(values)];
        return x === undefined || y === undefined || !operator ? undefined : Number(operator(x, y));
      };
    }
    return left;
  };
  const comparison = (): Node => chain(single, ['>=', '<=', '>', '<', '==']);
  const both = (): Node => chain(comparison, ['AND']);
  const either = (): Node => chain(both, ['OR']);
  const whole = either();
  if (at < words.length) throw new Error(`${words.slice(at).join(' ')} is left over in ${expression}`);
  return whole;
};

const wordsOf = (expression: string): string[] => {
  const words = [...expression.matchAll(tokens)].map(([, word = '']) => word);
  const read = expression.replaceAll(/\s/g, '').length;
  if (words.join('').length !== read) throw new Error(`cannot read ${expression}`);
  return words;
};
