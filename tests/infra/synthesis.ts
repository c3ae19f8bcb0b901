import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Properties = { [key: string]: Value };
export type Resource = {
  Type: string;
  Properties: Properties;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
};
export type Template = {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: Value; Export?: { Name: string } }>;
};

/** The app as the command line would run it, without an account; what it wrote is read and removed again. */
export const synthesize = (context: Record<string, string> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'keyun-assembly-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
      cwd: root,
      encoding: 'utf8',
      // CDK’s own check of the templates’ syntax takes half of the time; `npm run synth` does it.
      env: {
        ...process.env,
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify(context),
        CDK_VALIDATION: 'false',
      },
    });
    const read = (part: 'Data' | 'Service'): Template =>
      JSON.parse(
        readFileSync(join(folder, `Keyun-${context['stage'] ?? 'dev'}-${part}.template.json`), 'utf8'),
      ) as Template;
    return status === 0
      ? { status, stderr, data: read('Data'), service: read('Service') }
      : { status, stderr, data: undefined, service: undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The templates of a synthesis that has to succeed. */
export const templates = ({ data, service, stderr }: ReturnType<typeof synthesize>) => {
  if (!data || !service) throw new Error(`the app does not synthesize: ${stderr}`);
  return { data, service };
};

let known: ReturnType<typeof synthesize> | undefined;

/** The stage that everything is checked on, synthesized once in a test file. */
export const assembly = (): { data: Template; service: Template } => templates((known ??= synthesize()));

export const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/** The logical id that a reference such as `{"Fn::GetAtt": ["Id", "Arn"]}` leads to. */
export const target = (value: Value | undefined): string => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = value;
    if (typeof ref === 'string') return ref;
    if (Array.isArray(attribute) && typeof attribute[0] === 'string') return attribute[0];
    if (typeof imported === 'string') return imported;
  }
  throw new Error(`not a reference: ${JSON.stringify(value)}`);
};

/** A function by its entry file, which is its description. */
export const functionNamed = (template: Template, entry: string): [string, Resource] => {
  const found = ofType(template, 'AWS::Lambda::Function').find(
    ([, { Properties: properties }]) => properties['Description'] === entry,
  );
  if (!found) throw new Error(`no function ${entry}`);
  return found;
};

/** Joined text with `${LogicalId}` for what is only known once deployed. */
export const joined = (value: Value | undefined): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const parts = value['Fn::Join'];
    if (Array.isArray(parts) && Array.isArray(parts[1])) return parts[1].map(joined).join('');
  }
  return `\${${target(value)}}`;
};
