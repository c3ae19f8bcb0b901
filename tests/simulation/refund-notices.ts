import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Dependencies } from './dependencies.ts';
import type { Item } from './protocol.ts';
import type { Wrong } from './wrong.ts';

type Write = {
  Key?: Item | undefined;
  Item?: Item | undefined;
  UpdateExpression?: string | undefined;
};
type Input = Write & { TransactItems?: TransactWriteCommandInput['TransactItems'] };

/** What a payment gets when its money comes, finds its use, or is in doubt. */
const ofMoney =
  /\b(?:capturedAt|providerTrade|taken|refundable|appliedAt|doubt|attention|dueAt|watchedSince)\b/;

/** What a write does to money that a notification of a refund has no say in. */
const faultOf = ({ Key, Item: item, UpdateExpression = '' }: Write): string | undefined => {
  const sk = String((Key ?? item)?.['sk']);
  if (sk.startsWith('PAYMENT#') && (item || ofMoney.test(UpdateExpression))) return `writes ${sk}`;
  return /^JOURNAL#.*-captured$/.test(sk) && item ? `books ${sk}` : undefined;
};

const writesIn = (input: Input): Write[] => [
  input,
  ...(input.TransactItems ?? []).flatMap(({ Put, Update }) => [Put ?? Update ?? []].flat()),
];

/**
 * What is done about a notification that tells of a refund, however much it looks like one of a payment: it moves no
 * payment but to where it is when its money is back, and books no money that came.
 */
export const watchRefundNotice = (dependencies: Dependencies, wrong: Wrong[]): Dependencies => {
  const { client, name } = dependencies.bookings;
  const send = (command: { input: Input }): Promise<unknown> => {
    for (const write of writesIn(command.input)) {
      const what = faultOf(write);
      if (what) wrong.push({ rule: 'refund-is-no-payment', what: `a notification of a refund ${what}` });
    }
    return client.send(command as never);
  };
  return { ...dependencies, bookings: { client: { send } as unknown as DynamoDBDocumentClient, name } };
};
