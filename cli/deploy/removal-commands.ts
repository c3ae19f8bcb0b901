/** A resource that its stack leaves behind, by its id in AWS. */
export type Retained = { type: string; id: string };

/** The commands of AWS's command line that remove a resource of a type, in order; the id is quoted for a shell. */
const commandsOf: Readonly<Record<string, (id: string) => string[]>> = {
  'AWS::Cognito::UserPool': (id) => [
    `aws cognito-idp update-user-pool --user-pool-id ${id} --deletion-protection INACTIVE`,
    `aws cognito-idp delete-user-pool --user-pool-id ${id}`,
  ],
  'AWS::DynamoDB::Table': (id) => [
    `aws dynamodb update-table --table-name ${id} --no-deletion-protection-enabled`,
    `aws dynamodb wait table-exists --table-name ${id}`,
    `aws dynamodb delete-table --table-name ${id}`,
    `aws dynamodb wait table-not-exists --table-name ${id}`,
  ],
  'AWS::SecretsManager::Secret': (id) => [
    `aws secretsmanager delete-secret --secret-id ${id} --recovery-window-in-days 7`,
  ],
  'AWS::SES::EmailIdentity': (id) => [`aws sesv2 delete-email-identity --email-identity ${id}`],
  'AWS::S3::Bucket': (id) => [`aws s3 rb s3://${id} --force`],
  'AWS::Logs::LogGroup': (id) => [`aws logs delete-log-group --log-group-name ${id}`],
  // Last: the key opens everything above.
  'AWS::KMS::Key': (id) => [`aws kms schedule-key-deletion --key-id ${id} --pending-window-in-days 7`],
};

const order = Object.keys(commandsOf);

/** Users, then tables and secrets, and the key at the very end. A type without a command is named, so that nothing is silent. */
export const removalCommands = (retained: readonly Retained[]): string[] => {
  const rank = ({ type }: Retained): number => (order.includes(type) ? order.indexOf(type) : -1);
  return [...retained]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap(({ type, id }) => commandsOf[type]?.(`'${id}'`) ?? [`# remove by hand: ${type} ${id}`]);
};
