/**
 * What ends a failure to send: nothing, because the mail can never be sent; a person who fixes the cause; or time.
 * The queue tries all but the first again, and puts a mail that still fails among the dead letters, which have an alarm.
 */
export type Remedy = 'none' | 'person' | 'time';

/** A failure to send a mail, by the name that we log and store for it. */
type Refusal = { remedy: Remedy; because: string };

/**
 * Every failure to send a mail (source: Amazon SES API v2, `SendEmail`, and "Email sending errors" of the developer
 * guide). An error of SES is never final for us: its name does not say whether the mail, the sender or the account is at
 * fault, and a person can fix the last two while the mail waits. Only our own check of the address is final.
 */
const refusals: Readonly<Record<string, Refusal>> = {
  'not-an-address': {
    remedy: 'none',
    because: 'no mail server takes such an address, today or later; our own check found it and asked nobody',
  },
  MessageRejected: {
    remedy: 'person',
    because: 'in the sandbox the recipient or the sender is not verified; else SES dislikes the content',
  },
  MailFromDomainNotVerifiedException: {
    remedy: 'person',
    because: 'SES has not verified the sender’s domain, or its DNS records are gone',
  },
  SendingPausedException: {
    remedy: 'person',
    because: 'AWS or a person has paused sending for the account or the configuration set, and may resume it',
  },
  AccountSuspendedException: {
    remedy: 'person',
    because: 'AWS has restricted the account; an appeal may lift that within the two weeks of a dead letter',
  },
  LimitExceededException: {
    remedy: 'person',
    because:
      'the quota of a day is used up (200 in the sandbox): a person asks for more, or redrives tomorrow',
  },
  NotFoundException: {
    remedy: 'person',
    because: 'the configuration set does not exist: a deployment is half done, or somebody deleted it',
  },
  BadRequestException: {
    remedy: 'person',
    because: 'the request is wrong, most likely for every mail: a corrected release sends it',
  },
  AccessDeniedException: {
    remedy: 'person',
    because: 'the grant lacks an identity or the configuration set: a corrected release sends it',
  },
  TooManyRequestsException: {
    remedy: 'time',
    because: 'more mails in a second than SES allows the account; the next attempt comes minutes later',
  },
  ThrottlingException: { remedy: 'time', because: 'as TooManyRequestsException' },
  InternalServiceErrorException: { remedy: 'time', because: 'SES has a problem of its own' },
};

/** No answer, or one that nobody has described: the mail may have gone out, and another attempt may succeed. */
const unknown: Refusal = { remedy: 'time', because: 'nobody knows; the dead letters show it if it stays' };

/** What a failure to send means, by the name of the error or of our own refusal. */
export const refusalOf = (name: string): Refusal => refusals[name] ?? unknown;
