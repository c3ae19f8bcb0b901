import * as z from 'zod';
import { makeDeployment } from '../../infra/local/template/deployment.ts';
import type { Definition } from '../../infra/local/workflows/state-machine-definition.ts';
import { json, number } from '../../infra/local/template/template-shapes.ts';
import type { StackTemplate } from '../../infra/local/template/template.ts';

/** What the template says that a purchase is paid for. */
export type DeployedFacts = {
  /** State transitions of a sold order: the way from the start to the end that no error leaves. */
  transitions: number;
  /** How many queues get an event of this name. */
  queuesOf(event: string): number;
  /** Memory of the function whose entry is this file below functions/. */
  megabytesOf(entry: string): number;
};

const nowhere = { api: 'http://localhost', issuer: 'http://localhost', sqs: 'http://localhost' };
const stateMachineSchema = z.object({ DefinitionString: json });
const subscriptionSchema = z.object({
  Protocol: z.string(),
  FilterPolicy: json.pipe(z.object({ event: z.array(z.string()) })).optional(),
});
const functionSchema = z.object({
  Handler: z.string(),
  Description: z.string().default(''),
  MemorySize: number,
});

export const factsOf = (templates: readonly StackTemplate[]): DeployedFacts => {
  const deployment = makeDeployment(templates, nowhere);
  const machine = deployment.one('AWS::StepFunctions::StateMachine', stateMachineSchema);
  const queues = deployment
    .all('AWS::SNS::Subscription', subscriptionSchema)
    .filter(({ properties }) => properties.Protocol === 'sqs')
    .map(({ properties }) => properties.FilterPolicy?.event);
  const functions = deployment.all('AWS::Lambda::Function', functionSchema);
  return {
    transitions: transitionsOf(machine.properties.DefinitionString as Definition),
    queuesOf: (event) => queues.filter((wanted) => wanted === undefined || wanted.includes(event)).length,
    megabytesOf: (entry) => {
      const found = functions.find(({ properties, logicalId, ref }) =>
        [properties.Description, logicalId, ref].some((name) => plain(name).includes(plain(entry))),
      );
      if (!found) throw new Error(`the template has no function ${entry}`);
      return found.properties.MemorySize;
    },
  };
};

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');

/** One for each state entered, and one for the end (source: Step Functions, pricing). */
const transitionsOf = ({ StartAt, States }: Definition): number => {
  let count = 1;
  for (let name: unknown = StartAt; typeof name === 'string'; name = States[name]?.['Next']) count += 1;
  return count;
};
