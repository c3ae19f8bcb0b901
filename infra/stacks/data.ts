import { ArnFormat, CfnOutput, RemovalPolicy, SecretValue, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
  type ITable,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { knownProviders, providerNames } from '../../functions/routes.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { byProvider, type ProviderName } from '../constructs/by-provider.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { Identity } from '../constructs/identity.ts';
import { Mail } from '../constructs/mail.ts';
import { tableInUse } from '../constructs/restored-tables.ts';

/** The name of a provider as the start of an id. */
const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const text = (name: string) => ({ name, type: AttributeType.STRING });

export type DataStackProps = StackProps & {
  deployment: Deployment;
  /** The carrier's name, for the sender of mails. */
  senderName: string;
};

/** Data that must survive: it stays when you delete its stack, and you can restore a table to any second. */
export class DataStack extends Stack {
  readonly key: Key;
  readonly timetable: ITable;
  readonly inventory: ITable;
  readonly availability: ITable;
  readonly bookings: ITable;
  readonly documentSecret: Secret;
  readonly ticketSecret: Secret;
  /** The keys of each payment provider. */
  readonly providerSecrets: Readonly<Record<ProviderName, Secret>>;
  readonly mail: Mail;
  /** Absent where another issuer signs users in. */
  readonly identity: Identity | undefined;

  constructor(scope: Construct, id: string, { deployment, senderName, ...props }: DataStackProps) {
    super(scope, id, props);
    this.key = this.#customerKey();

    const { restored = {} } = deployment;
    const [pk, sk, stream] = [text('pk'), text('sk'), StreamViewType.NEW_AND_OLD_IMAGES];
    const timetable = this.#table('Timetable', { partitionKey: pk, sortKey: sk });
    const inventory = this.#table('Inventory', { partitionKey: pk, stream });
    const availability = this.#table('Availability', { partitionKey: pk });
    const bookings = this.#table('Bookings', { partitionKey: pk, sortKey: sk, stream });
    this.#index(bookings);
    this.timetable = tableInUse(timetable, restored.Timetable);
    this.inventory = tableInUse(inventory, restored.Inventory);
    this.availability = tableInUse(availability, restored.Availability);
    this.bookings = tableInUse(bookings, restored.Bookings);

    // The id comes from the time when there was only one secret. Another id would make another secret: we could not open stored
    // documents or notice that a passenger already travels.
    this.documentSecret = this.#keySecret('MasterSecret', {
      description: 'The keys by which passengers’ documents are sealed and compared are derived from it',
      whyNotRotated: 'What it sealed is stored: a rotation would make passengers’ documents unreadable.',
    });
    this.ticketSecret = this.#keySecret('TicketSecret', {
      description: 'The key that signs tickets is derived from it',
      whyNotRotated:
        'What it signed is in travellers’ pockets: a person adds a key, and the old one stays trusted.',
    });

    this.providerSecrets = byProvider((name) => this.#providerSecret(name));
    this.mail = new Mail(this, 'Mail', deployment);
    this.mail.showRecords(this);
    const { stage, signIn } = deployment;
    if (signIn.by === 'cognito')
      this.identity = new Identity(this, 'Identity', { stage, signIn, mail: this.mail, senderName });

    // Outputs for the command line.
    for (const [name, value] of Object.entries({
      TimetableTable: this.timetable.tableName,
      InventoryTable: this.inventory.tableName,
      AvailabilityTable: this.availability.tableName,
      BookingsTable: this.bookings.tableName,
      DocumentSecretId: this.documentSecret.secretArn,
      TicketSecretId: this.ticketSecret.secretArn,
      ...Object.fromEntries(
        providerNames.map((name) => [`${pascal(name)}SecretId`, this.providerSecrets[name].secretArn]),
      ),
      ...(this.identity && {
        UserPoolId: this.identity.userPool.userPoolId,
        SignInUrl: this.identity.signInUrl,
      }),
    })) {
      new CfnOutput(this, name, { value });
    }
  }

  #index(bookings: Table): void {
    // All indexes are sparse: they contain only items with their attributes.
    bookings.addGlobalSecondaryIndex({
      indexName: 'due',
      partitionKey: text('dueShard'),
      sortKey: text('dueAt'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    bookings.addGlobalSecondaryIndex({
      indexName: 'byUser',
      partitionKey: text('userId'),
      sortKey: text('createdAt'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    bookings.addGlobalSecondaryIndex({
      indexName: 'attention',
      partitionKey: text('attentionShard'),
      sortKey: text('attentionSince'),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['attention'],
    });
    // The journal by day: docs/adr/0028-the-books-have-an-index.md.
    bookings.addGlobalSecondaryIndex({
      indexName: 'books',
      partitionKey: text('booksDay'),
      sortKey: text('at'),
      projectionType: ProjectionType.ALL,
    });
  }

  #customerKey(): Key {
    const key = new Key(this, 'Key', {
      description: 'Keyun: tables, secrets and messages',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Alarms publish to the operators' encrypted topic as themselves. The encryption context limits them to topics of
    // this account.
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublishToEncryptedTopics',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:sns:topicArn': this.formatArn({
              service: 'sns',
              resource: '*',
              arnFormat: ArnFormat.NO_RESOURCE_NAME,
            }),
          },
        },
      }),
    );
    return key;
  }

  /** A random text from AWS that nobody sees; functions derive keys from it. */
  #keySecret(
    id: string,
    { description, whyNotRotated }: { description: string; whyNotRotated: string },
  ): Secret {
    const secret = new Secret(this, id, {
      description,
      encryptionKey: this.key,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(secret, { 'AwsSolutions-SMG4': whyNotRotated });
    return secret;
  }

  /** The keys that a provider gives a merchant. The provider is switched off until a person enters them. */
  #providerSecret(name: ProviderName): Secret {
    const { title } = knownProviders[name];
    const secret = new Secret(this, `${pascal(name)}Secret`, {
      description: `The merchant’s keys for ${title}; an empty object switches the provider off`,
      encryptionKey: this.key,
      secretStringValue: SecretValue.unsafePlainText('{}'),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(secret, {
      'AwsSolutions-SMG4': `The keys are made at ${title}’s merchant page by a person; nothing here could make new ones.`,
    });
    return secret;
  }

  #table(id: string, props: Pick<TableProps, 'partitionKey' | 'sortKey' | 'stream'>) {
    return new Table(this, id, {
      ...props,
      // It only deletes old items. Its timing is not certain, so no deadline relies on it.
      timeToLiveAttribute: 'ttl',
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
