import type { SignIn } from './constructs/sign-in.ts';
import * as z from 'zod';

/** The values of the context that say who signs users in. */
export const signInContext = z.object({
  signInPlan: z.enum(['essentials', 'lite']).optional(),
  signInDomain: z
    .string()
    .regex(
      /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
      'must be a domain such as sign-in.carrier.example',
    )
    .optional(),
  signInCertificate: z
    .string()
    .regex(
      /^arn:[\w-]+:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
      'must be the ARN of a certificate in us-east-1',
    )
    .optional(),
  issuer: z.url({ protocol: /^https$/, error: 'must be a web address that begins with https' }).optional(),
  audience: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    )
    .optional(),
});

type Said = z.output<typeof signInContext>;

/** Who signs users in, or a line for each value that does not fit the others. */
export const readSignIn = (
  said: Said,
  typed: (name: string) => string,
): { signIn: SignIn } | { refusals: string[] } => {
  const { signInPlan: plan = 'essentials', signInDomain: name, signInCertificate: certificateArn } = said;
  const [audience, ...others] = said.audience ?? [];
  if (said.issuer === undefined) {
    if (audience !== undefined)
      return { refusals: [`${typed('issuer')}: is missing; it issues tokens for the audience`] };
    if ((name === undefined) !== (certificateArn === undefined))
      return {
        refusals: [
          name === undefined
            ? `${typed('signInDomain')}: is missing; the certificate is for it`
            : `${typed('signInCertificate')}: is missing; the domain needs it`,
        ],
      };
    return {
      signIn: { by: 'cognito', plan, ...(name && certificateArn && { domain: { name, certificateArn } }) },
    };
  }
  if (audience === undefined)
    return { refusals: [`${typed('audience')}: is missing; name the \`aud\` of the issuer’s access tokens`] };
  const ofCognito = (['signInPlan', 'signInDomain', 'signInCertificate'] as const).filter((key) => said[key]);
  if (ofCognito.length > 0)
    return {
      refusals: ofCognito.map((key) => `${typed(key)}: is for Cognito, but the issuer signs users in`),
    };
  return { signIn: { by: 'issuer', issuer: said.issuer, audiences: [audience, ...others] } };
};
