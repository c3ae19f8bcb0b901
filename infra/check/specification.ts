import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, Resource, TypeDefinition } from '@aws-cdk/service-spec-types';

/** AWS's description of every resource type of CloudFormation. Loading takes a third of a second. */
let database: ReturnType<typeof loadAwsServiceSpecSync> | undefined;
const known = (): ReturnType<typeof loadAwsServiceSpecSync> => (database ??= loadAwsServiceSpecSync());

export const specificationOf = (type: string): Resource | undefined =>
  known().lookup('resource', 'cloudFormationType', 'equals', type)[0];

/** The definition that a type refers to. */
export const definitionOf = (type: Extract<PropertyType, { type: 'ref' }>): TypeDefinition =>
  known().get('typeDefinition', type.reference.$ref);
