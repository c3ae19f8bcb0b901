import { elements, fault, xml, type Answer } from './wire.ts';

type CloudResource = {
  logicalId: string;
  type: string;
  physicalId: string;
  retained: boolean;
  status: string;
};

export type CloudStack = {
  name: string;
  status: string;
  template: string;
  resources: CloudResource[];
  outputs: Record<string, string>;
  failed?: { logicalId: string; type: string; reason: string };
};

export type CloudAccount = {
  /** The version of the CDK's own stack; undefined if the region is not prepared. */
  toolkit: number | undefined;
  stacks: Map<string, CloudStack>;
  /** What was uploaded, by its path in the bucket's address. */
  files: Map<string, string>;
  /** Templates that wait for the execution of their change set, by the name of the stack. */
  planned: Map<string, string>;
  /** The logical id that cannot be created, by its beginning, with the reason. */
  refuses: { logicalId: string; reason: string } | undefined;
};

export const emptyAccount = (): CloudAccount => ({
  toolkit: undefined,
  stacks: new Map(),
  files: new Map(),
  planned: new Map(),
  refuses: undefined,
});

const idOf = (name: string): string => `arn:aws:cloudformation:eu-central-1:123456789012:stack/${name}/0000`;

const absent = (name: string): Answer => fault('ValidationError', `Stack with id ${name} does not exist`);

const described = ({ name, status, outputs }: CloudStack): object => ({
  StackId: idOf(name),
  StackName: name,
  CreationTime: '2026-11-01T00:00:00Z',
  StackStatus: status,
  Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
});

const toolkitStack = (version: number): CloudStack => ({
  name: 'CDKToolkit',
  status: 'CREATE_COMPLETE',
  template: '{"Resources":{}}',
  resources: [],
  outputs: {
    BootstrapVersion: String(version),
    BucketName: 'assets',
    FileAssetKeyArn: '',
    BucketDomainName: 'x',
  },
});

const find = (account: CloudAccount, name: string): CloudStack | undefined => {
  if (name === 'CDKToolkit') return account.toolkit === undefined ? undefined : toolkitStack(account.toolkit);
  return [...account.stacks.values()].find((stack) => stack.name === name || idOf(stack.name) === name);
};

type Template = {
  Resources: Record<string, { Type: string; DeletionPolicy?: string }>;
  Outputs?: Record<string, { Value: unknown }>;
};

/** Creates the resources in their order in the template, until one cannot be created: then it deletes what may be deleted. */
const createStack = (account: CloudAccount, name: string, template: string): CloudStack => {
  const { Resources, Outputs = {} } = JSON.parse(template) as Template;
  const resources: CloudResource[] = [];
  for (const [logicalId, { Type: type, DeletionPolicy: policy = '' }] of Object.entries(Resources)) {
    const { refuses } = account;
    if (refuses && logicalId.startsWith(refuses.logicalId)) {
      const status = 'ROLLBACK_COMPLETE';
      for (const resource of resources)
        resource.status = resource.retained ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE';
      return {
        name,
        status,
        template,
        resources,
        outputs: {},
        failed: { logicalId, type, reason: refuses.reason },
      };
    }
    const physicalId = `${name}-${logicalId}`;
    resources.push({
      logicalId,
      type,
      physicalId,
      retained: policy.startsWith('Retain'),
      status: 'CREATE_COMPLETE',
    });
  }
  const outputs = Object.fromEntries(Object.keys(Outputs).map((key) => [key, `${name}/${key}`]));
  return { name, status: 'CREATE_COMPLETE', template, resources, outputs };
};

const eventsOf = ({ name, status, failed, resources }: CloudStack): object[] => {
  const event = (logicalId: string, physicalId: string, type: string, state: string, reason?: string) => ({
    StackId: idOf(name),
    EventId: `${logicalId}-${state}`,
    StackName: name,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: new Date().toISOString(),
    ResourceStatus: state,
    ResourceStatusReason: reason,
  });
  const stack = (state: string) => event(name, idOf(name), 'AWS::CloudFormation::Stack', state);
  return [
    stack(status),
    ...(failed ? [event(failed.logicalId, '', failed.type, 'CREATE_FAILED', failed.reason)] : []),
    ...resources.map((each) => event(each.logicalId, each.physicalId, each.type, 'CREATE_COMPLETE')),
    stack('CREATE_IN_PROGRESS'),
  ];
};

/** The template that the CDK sent, or uploaded before. */
const templateOf = (account: CloudAccount, form: URLSearchParams): string => {
  const url = form.get('TemplateURL');
  const uploaded = url
    ? [...account.files].find(([path]) => url.endsWith(path.split('/').at(-1) ?? ''))
    : undefined;
  return uploaded?.[1] ?? form.get('TemplateBody') ?? '{}';
};

const changeSet = (name: string): Answer =>
  xml(
    'DescribeChangeSet',
    elements({
      StackName: name,
      StackId: idOf(name),
      ChangeSetName: 'cdk-deploy-change-set',
      ChangeSetId: `arn:aws:cloudformation:eu-central-1:123456789012:changeSet/cdk/${name}`,
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      Changes: [{ Type: 'Resource' }],
    }),
  );

type Act = (name: string, account: CloudAccount, form: URLSearchParams) => Answer;

const onStack =
  (act: (stack: CloudStack, account: CloudAccount) => Answer): Act =>
  (name, account) => {
    const stack = find(account, name);
    return stack ? act(stack, account) : absent(name);
  };

const actions: Readonly<Record<string, Act>> = {
  DescribeStacks: (name, account) => {
    const found = name ? [find(account, name)] : [...account.stacks.values()];
    if (name && !found[0]) return absent(name);
    return xml('DescribeStacks', elements({ Stacks: found.map((stack) => stack && described(stack)) }));
  },
  GetTemplate: onStack(({ template }) => xml('GetTemplate', elements({ TemplateBody: template }))),
  ListStackResources: onStack(({ resources }) =>
    xml(
      'ListStackResources',
      elements({
        StackResourceSummaries: resources.map(({ logicalId, type, physicalId, status }) => ({
          LogicalResourceId: logicalId,
          PhysicalResourceId: physicalId,
          ResourceType: type,
          LastUpdatedTimestamp: '2026-11-01T00:00:00Z',
          ResourceStatus: status,
        })),
      }),
    ),
  ),
  DescribeStackEvents: onStack((stack) =>
    xml('DescribeStackEvents', elements({ StackEvents: eventsOf(stack) })),
  ),
  CreateChangeSet: (name, account, form) => {
    account.planned.set(name, templateOf(account, form));
    const Id = `arn:aws:cloudformation:eu-central-1:123456789012:changeSet/cdk/${name}`;
    return xml('CreateChangeSet', elements({ Id, StackId: idOf(name) }));
  },
  DescribeChangeSet: (name) => changeSet(name),
  DeleteChangeSet: () => xml('DeleteChangeSet', ''),
  ExecuteChangeSet: (name, account) => {
    account.stacks.set(name, createStack(account, name, account.planned.get(name) ?? '{}'));
    return xml('ExecuteChangeSet', '');
  },
  UpdateTerminationProtection: () => xml('UpdateTerminationProtection', ''),
  DeleteStack: onStack((stack, account) => {
    const users = [...account.stacks.values()].filter(
      ({ name, template }) => name !== stack.name && template.includes(`${stack.name}:`),
    );
    if (users.length > 0) return fault('ValidationError', `${stack.name} is in use by ${users[0]?.name}`);
    account.stacks.delete(stack.name);
    return xml('DeleteStack', '');
  }),
};

export const answerCloudFormation = (form: URLSearchParams, account: CloudAccount): Answer => {
  const action = actions[form.get('Action') ?? ''];
  return action
    ? action(form.get('StackName') ?? '', account, form)
    : fault('InvalidAction', `the fake cloud cannot ${form.get('Action')}`);
};
