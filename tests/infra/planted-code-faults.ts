import type { Subject } from '../../infra/check/model.ts';
import { inWorkflow, setting, statementOf, variablesOf, type PlantedFault } from './planted-faults.ts';

/** The deployment after a change of one function. */
const withFunction = (
  subject: Subject,
  entry: string,
  change: Partial<Subject['functions'][number]>,
): Subject => ({
  ...subject,
  functions: subject.functions.map((one) => (one.entry === entry ? { ...one, ...change } : one)),
});

/** Faults between the templates and the code that they run. */
export const codeFaults: readonly PlantedFault[] = [
  {
    title: 'a definition that Step Functions refuses',
    check: 'workflow',
    change: inWorkflow('"Type":"Succeed"', '"Type":"Success"'),
    says: /the definition is invalid/,
  },
  {
    title: 'a state to which nothing leads',
    check: 'workflow',
    change: inWorkflow('"ResultPath":null,"Next":"Refund"', '"ResultPath":null,"Next":"Release"'),
    says: /no state leads to Refund/,
  },
  {
    title: 'a way to a state that does not exist',
    check: 'workflow',
    change: inWorkflow('"Next":"AwaitPayment"', '"Next":"WaitForPayment"'),
    says: /leads to the state WaitForPayment, which does not exist/,
  },
  {
    title: 'a way that another handler has taken',
    check: 'workflow',
    change: inWorkflow(
      '{"ErrorEquals":["OrderDue"]',
      '{"ErrorEquals":["OrderEnded"],"ResultPath":null,"Next":"Issue"},{"ErrorEquals":["OrderDue"]',
    ),
    says: /Reserve handles OrderEnded after another handler has taken it/,
  },
  {
    title: 'a task that the workflow gives up before its function ends',
    check: 'workflow',
    change: setting('AWS::Lambda::Function', 'workflow/issue', 'Timeout', 60),
    says: /the task Issue is given up after 35 s, its function after 60/,
  },
  {
    title: 'a workflow that ends before its tasks',
    check: 'workflow',
    change: inWorkflow('"TimeoutSeconds":10800', '"TimeoutSeconds":1800'),
    says: /ends after 1800 s, but its tasks can take \d+/,
  },
  {
    title: 'an error name that is misspelt',
    check: 'workflow-errors',
    change: inWorkflow('"OrderDue"', '"OrderIsDue"'),
    says: /handles the error OrderIsDue, which functions\/workflow\/reserve.ts never throws/,
  },
  {
    title: 'an error of the platform that is misspelt',
    check: 'workflow-errors',
    change: inWorkflow('"Lambda.TooManyRequestsException"', '"Lambda.TooManyRequestException"'),
    says: /handles the error Lambda.TooManyRequestException/,
  },
  {
    title: 'an error that nobody catches',
    check: 'workflow-errors',
    change: inWorkflow('{"ErrorEquals":["CannotIssue"]', '{"ErrorEquals":["States.ALL"]'),
    says: /does not handle the error CannotIssue, which functions\/workflow\/issue.ts throws/,
  },
  {
    title: 'code that throws another name',
    check: 'workflow-errors',
    change: (subject) => {
      const { bundle = '' } = subject.functions.find(({ entry }) => entry === 'workflow/issue') ?? {};
      return withFunction(subject, 'workflow/issue', {
        bundle: bundle.replaceAll('"CannotIssue"', '"NoTravel"'),
      });
    },
    says: /does not handle the error NoTravel/,
  },
  {
    title: 'a path that nothing produces',
    check: 'workflow-paths',
    change: inWorkflow('$.secondsLeft', '$.secondsleft'),
    says: /AwaitPayment waits for \$.secondsleft seconds, but its input has nothing there/,
  },
  {
    title: 'a task without what it needs',
    check: 'workflow-paths',
    change: inWorkflow('"orderId.$":"$.orderId",', ''),
    says: /AwaitPayment needs orderId, which its input does not have/,
  },
  {
    title: 'a result that replaces what the next task needs',
    check: 'workflow-paths',
    change: inWorkflow('"ResultPath":null,"Next":"Refund"', '"Next":"Refund"'),
    says: /Refund needs orderId/,
  },
  {
    title: 'a bundle over its budget',
    check: 'bundle-sizes',
    change: (subject) => withFunction(subject, 'api/about/health', { bytes: 300 * 1024 }),
    says: /the bundle has 300 KB, more than 250/,
  },
  {
    title: 'a variable that is missing',
    check: 'environment',
    change: (subject) => void delete variablesOf(subject, 'api/orders/get-order')['BOOKINGS_TABLE'],
    says: /api\/orders\/get-order reads BOOKINGS_TABLE, which its template does not set/,
  },
  {
    title: 'a variable that nobody reads',
    check: 'environment',
    change: (subject) => void (variablesOf(subject, 'api/orders/get-order')['INVENTORY_TABLE'] = 'x'),
    says: /api\/orders\/get-order never reads INVENTORY_TABLE/,
  },
  {
    title: 'a grant that is missing',
    check: 'grants',
    change: (subject) =>
      void (statementOf(subject, 'ApiOrdersGetOrder', 'dynamodb:GetItem')['Action'] = 'dynamodb:Query'),
    says: /api\/orders\/get-order calls dynamodb:GetItem, which is not granted/,
  },
  {
    title: 'a grant that nobody needs',
    check: 'grants',
    change: (subject) =>
      void (statementOf(subject, 'ApiOrdersGetOrder', 'dynamodb:GetItem')['Action'] = [
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:DeleteItem',
      ]),
    says: /api\/orders\/get-order may dynamodb:DeleteItem, which its code never calls/,
  },
  {
    title: 'a grant for everything',
    check: 'grants',
    change: (subject) =>
      void (statementOf(subject, 'ApiOrdersGetOrder', 'dynamodb:GetItem')['Resource'] = '*'),
    says: /api\/orders\/get-order may dynamodb:GetItem on \*, which is no resource/,
  },
  {
    title: 'a grant for what is not of this deployment',
    check: 'grants',
    change: (subject) =>
      void (statementOf(subject, 'ApiOrdersGetOrder', 'dynamodb:GetItem')['Resource'] =
        'arn:aws:dynamodb:eu-central-1:123456789012:table/another'),
    says: /may dynamodb:GetItem on .*table\/another, which is no resource/,
  },
  {
    title: 'a grant to send mail as anybody',
    check: 'grants',
    change: (subject) => void delete statementOf(subject, 'EventsSendEmail', 'ses:SendEmail')['Condition'],
    says: /events\/send-email may ses:SendEmail on .*identity\/\*/,
  },
  {
    title: 'a function without a bundle',
    check: 'bundles',
    change: (subject) => ({
      ...subject,
      functions: subject.functions.filter(({ entry }) => entry !== 'api/about/health'),
    }),
    says: /ApiAboutHealth\w+: has no bundle index.mjs/,
  },
  {
    title: 'code that calls something new',
    check: 'grants',
    change: (subject) => ({
      ...subject,
      ownCode: { ...subject.ownCode, text: subject.ownCode.text.replaceAll('GetCommand', 'DeleteCommand') },
    }),
    says: /calls dynamodb:DeleteItem, which is not granted/,
  },
];
