import type { OwnCode } from './own-code.ts';
import type { Template } from '../local/template/template.ts';

/** A fault of a deployment, in three parts of one line. */
export type Finding = {
  /** The resource or property: `Keyun-prod-Data/Key.EnableKeyRotation`. */
  where: string;
  what: string;
  /** What the reader should do about it. */
  remedy: string;
};

export type CheckedResource = Template['Resources'][string] & {
  DependsOn?: string | string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
};

export type CheckedStack = Omit<Template, 'Resources'> & {
  stackName: string;
  Resources: Record<string, CheckedResource>;
  /** The size of the template's file. */
  bytes: number;
  /** The stacks that CDK deploys before this one. */
  after: readonly string[];
};

/** What happened when Node imported a function's bundle with the environment of its template. */
export type ImportedBundle = {
  node: string;
  /** The kind of the value that the handler's name leads to, and the number of its parameters. */
  handler?: { kind: string; parameters: number };
  failure?: string;
};

export type CheckedFunction = {
  stackName: string;
  logicalId: string;
  /** The entry file below `functions/`, which is also the description: `api/orders/place-order`. */
  entry: string;
  /** The folder that is deployed. */
  folder: string;
  /** The deployed code. */
  bundle: string;
  bytes: number;
  imported: ImportedBundle;
};

/** A synthesized deployment, with everything that the checks look at. */
export type Subject = {
  stage: string;
  carrier: string;
  stacks: readonly CheckedStack[];
  functions: readonly CheckedFunction[];
  ownCode: OwnCode;
};

/** A check is pure: it judges only the subject. */
export type Check = {
  /** A short name in kebab case. */
  name: string;
  /** What holds if there is no finding, as half a sentence. */
  proves: string;
  /** It compares with the record of a release, which knows no settings, so it judges the deployment without them. */
  withoutSettings?: true;
  find(subject: Subject): Finding[];
};

export const placeOf = (stackName: string, logicalId: string, path: readonly string[] = []): string =>
  [`${stackName}/${logicalId}`, ...path].join('.');
