/** The part of an error of the AWS SDK, or of Node's network, that explains it. */
type Thrown = { name: string; message: string; code?: unknown; hostname?: unknown; $fault?: unknown };

const signIn = 'sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

const expired = /^(?:ExpiredToken|TokenRefreshRequired|RequestExpired)/;
const unknownKeys: ReadonlySet<string> = new Set([
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
const denied = /AccessDenied|UnauthorizedOperation|NotAuthorizedException|AuthorizationError/;
const throttled = /Throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded/;
const unreachable: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * What an error of AWS, of its credentials or of the network means for the person at the keyboard, and what to do, in one
 * line. Undefined if it is none of these.
 */
export const explainAwsError = (thrown: unknown): string | undefined => {
  if (!(thrown instanceof Error)) return undefined;
  const error = thrown as Error & Thrown;
  return ofCredentials(error) ?? ofRights(error) ?? ofNetwork(error) ?? ofService(error);
};

const ofCredentials = ({ name, message }: Thrown): string | undefined => {
  if (/Region is missing|Region not accepted/.test(message))
    return 'no AWS region: set AWS_REGION to the region of the deployment, such as eu-central-1';
  const isProvider = /^(?:CredentialsProviderError|TokenProviderError)$/.test(name);
  if (expired.test(name) || (isProvider && /expired|refresh/i.test(message)))
    return `your AWS session has expired: ${signIn}`;
  if (/Signature (?:expired|not yet current)/.test(message))
    return 'AWS refuses the time of this machine: set its clock';
  if (unknownKeys.has(name))
    return `AWS does not know these credentials in this region: check AWS_REGION, and ${signIn}`;
  if (isProvider) return `no AWS credentials: ${signIn} (${oneLine(message)})`;
  return undefined;
};

/** IAM's message: `User: arn:… is not authorized to perform: dynamodb:Query on resource: arn:… because …`. */
const ofRights = ({ name, message }: Thrown): string | undefined => {
  if (!denied.test(name)) return undefined;
  const action = /not authorized to perform: (\S+)/.exec(message)?.[1];
  const resource = /on (?:the )?resource:? (\S+)/.exec(message)?.[1];
  if (!action) return `your AWS credentials lack a right: ${oneLine(message)}`;
  const what = resource ? `${action} on ${resource}` : action;
  return `your AWS credentials may not do ${what}: ask for that right, or use other credentials`;
};

const ofNetwork = (error: Error & Thrown): string | undefined => {
  if (error instanceof AggregateError) {
    const [first] = error.errors as unknown[];
    return first instanceof Error ? ofNetwork(first as Error & Thrown) : undefined;
  }
  const { name, message, code, hostname } = error;
  if (code === 'ENOTFOUND') return `cannot find ${String(hostname)}: check AWS_REGION and the network`;
  if (name === 'TimeoutError' || /timed out/i.test(message))
    return 'AWS did not answer in time: check the network, and try again';
  return unreachable.has(code) ? `cannot reach AWS (${oneLine(message)}): check the network` : undefined;
};

/** Every other answer of a service. The SDK states whose fault it is. */
const ofService = ({ name, message, $fault }: Thrown): string | undefined => {
  if ($fault === undefined) return undefined;
  if (throttled.test(name)) return `AWS answers too many requests: try again in a minute (${name})`;
  if ($fault === 'server') return `AWS has a problem: try again in a minute (${name}: ${oneLine(message)})`;
  return `AWS refuses this: ${name}: ${oneLine(message)}`;
};

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
