import * as z from 'zod';
import type { Front } from './constructs/deployment.ts';

/** The values of the context about what stands before the API. */
export const frontContext = z.object({
  front: z.enum(['off', 'firewall', 'on']).default('off'),
  domain: z
    .string()
    .regex(
      /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
      'must be a domain, such as booking.example.com',
    )
    .optional(),
  certificateArn: z
    .string()
    .regex(
      /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
      'must be a certificate of us-east-1: CloudFront takes no other',
    )
    .optional(),
  webAclArn: z
    .string()
    .regex(
      /^arn:aws[\w-]*:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/,
      'must be the output WebAclArn of the stack Keyun-<stage>-Firewall, which is in us-east-1',
    )
    .optional(),
});

const where: Readonly<Record<'domain' | 'certificateArn' | 'webAclArn', string>> = {
  domain: 'the domain of pages and API',
  certificateArn: 'its certificate in us-east-1',
  webAclArn: 'the output WebAclArn of the stack Keyun-<stage>-Firewall (front=firewall makes it)',
};

/** What stands before the API, or a line for each value that it needs and the context lacks. */
export const readFront = (
  said: z.output<typeof frontContext>,
  typed: (name: string) => string,
): { front: Front | undefined; hasFirewall: boolean } | { refusals: string[] } => {
  const { front, domain, certificateArn, webAclArn } = said;
  if (front !== 'on') return { front: undefined, hasFirewall: front === 'firewall' };
  if (domain && certificateArn && webAclArn)
    return { front: { domain, certificateArn, webAclArn }, hasFirewall: true };
  const missing = Object.entries(where).filter(([name]) => !said[name as keyof typeof where]);
  return { refusals: missing.map(([name, what]) => `${typed(name)}: front=on needs ${what}`) };
};
