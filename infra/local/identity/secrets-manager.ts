import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { AwsError, type Operation } from '../http/aws-operation.ts';
import type { Deployed, Deployment } from '../template/deployment.ts';
import { readJson, writeJson } from '../run/local-files.ts';
import { absent, flag, number } from '../template/template-shapes.ts';

const secretSchema = z.object({
  SecretString: z.string().optional(),
  GenerateSecretString: z
    .object({
      PasswordLength: number.default(32),
      ExcludePunctuation: flag.default(false),
      ExcludeCharacters: z.string().default(''),
      SecretStringTemplate: absent,
    })
    .optional(),
});
type Secret = Deployed<z.output<typeof secretSchema>>;

const storedSchema = z.object({ text: z.string() });

export type LocalSecrets = {
  operations: Record<string, Operation>;
  /** Replaces the text of the secret whose logical id begins with `name`, in any case. */
  fill(name: string, text: string): void;
};

/** Keeps the template's secrets as files in `folder`, and creates those that are missing. */
export const openSecrets = (deployment: Deployment, folder: string): LocalSecrets => {
  const secrets = deployment.all('AWS::SecretsManager::Secret', secretSchema);
  const fileOf = ({ logicalId }: Secret) => join(folder, `${logicalId}.json`);
  for (const secret of secrets) {
    if (readJson(fileOf(secret)) === undefined) writeJson(fileOf(secret), { text: initialText(secret) });
  }
  const find = (id: unknown): Secret => {
    const found = secrets.find(({ ref, logicalId }) => id === ref || id === logicalId);
    if (!found) throw new AwsError('ResourceNotFoundException', `there is no secret ${String(id)}`);
    return found;
  };
  return {
    operations: {
      'secretsmanager.GetSecretValue': ({ SecretId }) => {
        const secret = find(SecretId);
        return {
          ARN: secret.ref,
          Name: secret.logicalId,
          SecretString: storedSchema.parse(readJson(fileOf(secret))).text,
          VersionId: 'local-local-local-local-local-local',
          VersionStages: ['AWSCURRENT'],
        };
      },
    },
    fill: (name, text) => {
      const begins = ({ logicalId }: Secret) => logicalId.toLowerCase().startsWith(name);
      for (const secret of secrets.filter(begins)) writeJson(fileOf(secret), { text });
    },
  };
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const punctuation = '!#$%&()*+,-./:;<=>?@[]^_{|}~';

const initialText = ({ properties: { SecretString, GenerateSecretString: wish } }: Secret): string => {
  if (!wish) return SecretString ?? '';
  const alphabet = [...letters, ...(wish.ExcludePunctuation ? '' : punctuation)].filter(
    (character) => !wish.ExcludeCharacters.includes(character),
  );
  return Array.from({ length: wish.PasswordLength }, () => alphabet[randomInt(alphabet.length)]).join('');
};
