import { AwsError } from '../../infra/local/http/aws-operation.ts';
import { startAwsJsonServer } from '../../infra/local/http/aws-json-server.ts';
import { providerNames, secretVariable } from '../../shared/payments/known-providers.ts';
import type { ProviderName } from '../../shared/payments/model.ts';

/** What the keeper answers about a secret: its text, that it has none such, or that it cannot answer now. */
export type Kept = { text: string } | 'deleted' | 'down';

/**
 * A Secrets Manager with the secret of each provider, and the variables by which a process finds it and them. A test changes
 * `kept` as people change secrets; `asked` counts the reads.
 */
export const keeperOfSecrets = async (texts: Partial<Record<ProviderName, string>>) => {
  const kept = new Map<string, Kept>(providerNames.map((name) => [name, { text: texts[name] ?? '{}' }]));
  const asked = new Map<string, number>();
  const server = await startAwsJsonServer(0, {
    'secretsmanager.GetSecretValue': ({ SecretId }) => {
      const id = String(SecretId);
      asked.set(id, (asked.get(id) ?? 0) + 1);
      const found = kept.get(id) ?? 'deleted';
      if (found === 'deleted') throw new AwsError('ResourceNotFoundException', 'there is no such secret');
      if (found === 'down') throw new Error('not now');
      return { SecretString: found.text };
    },
  });
  return {
    kept,
    asked: (name: ProviderName): number => asked.get(name) ?? 0,
    environment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: server.endpoint,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      ...Object.fromEntries(providerNames.map((name) => [secretVariable(name), name])),
    },
    stop: server.stop,
  };
};
