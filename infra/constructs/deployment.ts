/** What makes one deployment differ from another. Read from CDK context by `infra/app.ts`, and by nobody else. */
export type Deployment = {
  stage: 'dev' | 'prod';
  /** The carrier's profile, by name: shared/platform/carrier.ts. */
  carrier: string;
  /** The address that mails to passengers come from; its domain or itself must be verified with SES. */
  mailFrom: string;
  /** Where people reach this deployment, when that is not the API's own endpoint. */
  publicUrl?: string;
  /** Where what needs a person is mailed to. */
  operatorEmail?: string;
};

/** The name of a stack: `Keyun-dev-Data`. */
export const stackName = ({ stage }: Deployment, part: 'Data' | 'Operators' | 'Selling' | 'Api'): string =>
  `Keyun-${stage}-${part}`;
