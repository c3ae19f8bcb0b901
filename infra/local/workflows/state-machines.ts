import { StateMachine } from 'aws-local-stepfunctions';
import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { checkDefinition, runnableDefinition, type Definition } from './state-machine-definition.ts';
import { absent, json } from '../template/template-shapes.ts';
import { readRoleCalls } from '../iam/role-calls.ts';

const stateMachineSchema = z.object({
  StateMachineType: z.literal('STANDARD').default('STANDARD'),
  DefinitionString: json.optional(),
  Definition: json.optional(),
  DefinitionSubstitutions: absent,
  RoleArn: z.string(),
});

export type Machine = {
  arn: string;
  name: string;
  original: Definition;
  runnable: StateMachine;
  /** Why its role may not call a function. */
  refusalOf(functionArn: string): string | undefined;
};

/**
 * The template's state machines by ARN. We check each as AWS does at deployment, and make it run at this run's scale.
 */
export const readStateMachines = (deployment: Deployment, scale: number): Map<string, Machine> => {
  const roles = readRoleCalls(deployment);
  return new Map(
    deployment
      .all('AWS::StepFunctions::StateMachine', stateMachineSchema)
      .map(({ ref: arn, attributes, properties }) => {
        const name = attributes['Name'] ?? '';
        const original = (properties.DefinitionString ?? properties.Definition) as Definition;
        checkDefinition(name, original);
        // Scaled times are no longer whole seconds, which the check would refuse.
        const runnable = new StateMachine(runnableDefinition(original, scale), {
          validationOptions: { noValidate: true },
        });
        const refusalOf = (functionArn: string) => roles.ofRole(properties.RoleArn, functionArn);
        return [arn, { arn, name, original, runnable, refusalOf }];
      }),
  );
};
