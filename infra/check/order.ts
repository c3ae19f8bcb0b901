import type { Check, CheckedStack, Finding } from './model.ts';
import { needsOf, stacksReadBy } from './references.ts';

/** Nothing needs itself, and a stack comes after those whose values it reads. */
export const orderCheck: Check = {
  name: 'order',
  proves: 'no circular dependency, and each stack is deployed after those that it reads',
  find: ({ stacks }) => [
    ...stacks.flatMap((stack) => circles(stack.stackName, needsOf(stack))),
    ...circles('the stacks', new Map(stacks.map((stack) => [stack.stackName, stacksReadBy(stacks, stack)]))),
    ...stacks.flatMap((stack) => deployedTooEarly(stacks, stack)),
  ],
};

const circles = (where: string, needs: ReadonlyMap<string, ReadonlySet<string>>): Finding[] => {
  const circle = circleIn(needs);
  return circle
    ? [
        {
          where,
          what: `a circular dependency: ${circle.join(' → ')}`,
          remedy: 'name one of them by its ARN instead of a reference, or move it into another stack',
        },
      ]
    : [];
};

/** One circle, from a node to itself, if there is any. */
export const circleIn = (needs: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined => {
  const done = new Set<string>();
  const visit = (node: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of needs.get(node) ?? []) {
      const circle = visit(next, [...way, node]);
      if (circle) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of needs.keys()) {
    const circle = visit(node, []);
    if (circle) return circle;
  }
  return undefined;
};

const deployedTooEarly = (stacks: readonly CheckedStack[], stack: CheckedStack): Finding[] => {
  const before = new Set<string>();
  const add = (name: string): void => {
    if (before.has(name)) return;
    before.add(name);
    stacks.find(({ stackName }) => stackName === name)?.after.forEach(add);
  };
  stack.after.forEach(add);
  return [...stacksReadBy(stacks, stack)]
    .filter((name) => name !== stack.stackName && !before.has(name))
    .map((name) => ({
      where: stack.stackName,
      what: `reads values of ${name}, but CDK does not deploy that stack before`,
      remedy: `add ${name} as a dependency of the stack`,
    }));
};
