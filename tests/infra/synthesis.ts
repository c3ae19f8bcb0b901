import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
  UpdatePolicy?: Value;
};
export type Template = {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: Value; Export?: { Name: string } }>;
};

export type Stack = Template & { name: string };

const readTemplate = (file: string): Template => {
  const { Resources, Outputs = {} } = JSON.parse(readFileSync(file, 'utf8')) as Template & {
    Outputs?: Template['Outputs'];
  };
  return { Resources, Outputs };
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
    /** The carrier that lies beside a function's code, if it has one. */
    const carrierOf = (entry: string): unknown => {
      const file = join(folder, 'functions', entry, 'carrier.json');
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    };
    const carriers = Object.fromEntries(
      ['api/orders/place-order', 'api/about/health'].map((entry) => [entry, carrierOf(entry)]),
    );
    const stacks = readdirSync(folder)
      .filter((file) => file.endsWith('.template.json'))
      .map((file): Stack => ({ name: file.split('.')[0] ?? '', ...readTemplate(join(folder, file)) }));
    return { status, stderr, stacks, carriers };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** All stacks as if they were one: what one imports of another refers to it directly. */
const merge = (stacks: readonly Stack[]): Template => {
  const outputs = stacks.flatMap((stack) => Object.values(stack.Outputs));
  const exported = new Map(outputs.flatMap(({ Export, Value }) => (Export ? [[Export.Name, Value]] : [])));
  const resolve = (_: string, value: Value): Value =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && 'Fn::ImportValue' in value
      ? (exported.get(String(value['Fn::ImportValue'])) ?? value)
      : value;
  const resources = stacks.flatMap(({ Resources }) => Object.entries(Resources));
  if (new Set(resources.map(([id]) => id)).size < resources.length)
    throw new Error('two stacks have a resource of the same id');
  return JSON.parse(
    JSON.stringify({ Resources: Object.fromEntries(resources), Outputs: {} }),
    resolve,
  ) as Template;
};

/** The stacks of a synthesis that has to succeed, and all of them as one. */
export const templates = ({ stacks, status, stderr, carriers }: ReturnType<typeof synthesize>) => {
  if (status !== 0) throw new Error(`the app does not synthesize: ${stderr}`);
  return { stacks, carriers, whole: merge(stacks) };
};

let known: ReturnType<typeof templates> | undefined;

/** The stage that everything is checked on, synthesized once in a test file. */
export const assembly = (): ReturnType<typeof templates> => (known ??= templates(synthesize()));

export const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/** The logical id that a reference such as `{"Fn::GetAtt": ["Id", "Arn"]}` leads to. */
export const target = (value: Value | undefined): string => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { Ref: ref, 'Fn::GetAtt': attribute } = value;
    if (typeof ref === 'string') return ref;
    if (Array.isArray(attribute) && typeof attribute[0] === 'string') return attribute[0];
  }
  throw new Error(`not a reference: ${JSON.stringify(value)}`);
};

/** The logical id of the function that a reference leads to, by an alias or by itself. */
export const functionBehind = (template: Template, value: Value | undefined): string => {
  const ids = JSON.stringify(value).match(/\w+/g) ?? [];
  const id =
    ids.find((each) => /^AWS::Lambda::(?:Alias|Function)$/.test(template.Resources[each]?.Type ?? '')) ?? '';
  const { Type: type, Properties: properties } = template.Resources[id] ?? {};
  return type === 'AWS::Lambda::Alias' ? target(properties?.['FunctionName']) : id;
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
