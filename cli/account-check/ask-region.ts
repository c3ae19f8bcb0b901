import { DescribeTypeCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Answer } from './answer.ts';

/** Whether CloudFormation knows every type of the templates in this region: it lacks those of services that are not there. */
export const askRegion = async (client: CloudFormationClient, types: readonly string[]): Promise<Answer> => {
  const missing: string[] = [];
  for (const type of types) if (!(await exists(client, type))) missing.push(type);
  return {
    says: `the region has all ${types.length} types of resources`,
    faults: missing.map((type) => ({
      what: `the region has no ${type}`,
      remedy: 'choose another region',
    })),
  };
};

const exists = async (client: CloudFormationClient, type: string): Promise<boolean> => {
  try {
    await client.send(new DescribeTypeCommand({ Type: 'RESOURCE', TypeName: type }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'TypeNotFoundException') return false;
    throw error;
  }
};
