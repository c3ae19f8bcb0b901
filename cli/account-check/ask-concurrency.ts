import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { awsClient } from '../../shared/platform/aws-client.ts';
import type { Answer } from './answer.ts';
import { accountLimits } from './account-limits.ts';

/** Lambda's quota of concurrent executions. A new account has 10, which buyers and workers share. */
const concurrencyQuota = { ServiceCode: 'lambda', QuotaCode: 'L-B99A9384' };

/** With less, all workers together can take every execution (docs/how-to/quotas.md). */
const enough = 44;

/** How many functions may run at once, compared with what the deployment is told. */
export const askConcurrency = async (expected: number): Promise<Answer> => {
  const client = awsClient(ServiceQuotasClient, accountLimits);
  try {
    const { Quota: quota } = await client.send(new GetServiceQuotaCommand(concurrencyQuota));
    const allowed = quota?.Value ?? 0;
    const setting = `deploy with --context concurrency=${allowed}`;
    return {
      says: `${allowed} functions may run at once; the deployment expects ${expected}`,
      faults: [
        ...(allowed < expected
          ? [
              {
                what: `only ${allowed} functions may run at once, and the deployment expects ${expected}`,
                remedy: setting,
              },
            ]
          : []),
        ...(allowed < enough
          ? [
              {
                what: `${allowed} functions at once are too few to sell: under load buyers get 503`,
                remedy: 'ask Service Quotas for 1000 (docs/how-to/quotas.md)',
              },
            ]
          : []),
      ],
    };
  } finally {
    client.destroy();
  }
};
