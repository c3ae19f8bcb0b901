import { variableOf } from '../../infra/output-names.ts';
import { assembly, ofType, type Stack, type Value } from './synthesis.ts';

/** What functions alone read. The command line reads every other variable of theirs from the outputs. */
const forFunctionsAlone = /^(?:POWERTOOLS_|EVENTS_|MAIL_)/;

/** As text: what a stack imports as the stack that has it writes it. */
const textsOf = (stacks: readonly Stack[]): ((value: Value) => string) => {
  const outputs = stacks.flatMap(({ Outputs }) => Object.values(Outputs));
  const exported = new Map(outputs.flatMap(({ Export, Value }) => (Export ? [[Export.Name, Value]] : [])));
  return (value) => {
    const name =
      typeof value === 'object' && value !== null && !Array.isArray(value) && value['Fn::ImportValue'];
    return JSON.stringify((typeof name === 'string' && exported.get(name)) || value);
  };
};

test('each variable of a function is an output of its value, so that the command line has what functions have', () => {
  const { stacks } = assembly();
  const textOf = textsOf(stacks);
  const outputs = new Map(
    stacks.flatMap(({ Outputs }) =>
      Object.entries(Outputs)
        .filter(([, { Export }]) => !Export)
        .map(([name, { Value }]) => [variableOf(name), textOf(Value)] as const),
    ),
  );
  const variables = stacks
    .flatMap((stack) => ofType(stack, 'AWS::Lambda::Function'))
    .flatMap(([, { Properties }]) => {
      const { Variables = {} } = (Properties['Environment'] ?? {}) as { Variables?: Record<string, Value> };
      return Object.entries(Variables);
    })
    .filter(([name]) => !forFunctionsAlone.test(name));
  expect(variables.length).toBeGreaterThan(50);
  const differing = variables
    .filter(([name]) => name !== 'PURCHASE_STATE_MACHINE_ARN')
    .map(([name, value]) => `${name}: ${textOf(value)}`)
    .filter((line) => !line.endsWith(`: ${outputs.get(line.split(':')[0] ?? '') ?? 'no output'}`));
  expect([...new Set(differing)]).toEqual([]);
  // Functions have it by its name, the output by its reference.
  expect(outputs.has('PURCHASE_STATE_MACHINE_ARN')).toBe(true);
});
