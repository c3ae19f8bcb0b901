import { assembly, joined, ofType, type Value } from './synthesis.ts';

type Statement = {
  Principal: { Service?: string };
  Condition?: { ArnLike?: Record<string, Value> };
};

test('services may use the key for the topics of this account alone', () => {
  const [[, key] = []] = ofType(assembly().whole, 'AWS::KMS::Key');
  const { Statement: statements } = key?.Properties['KeyPolicy'] as unknown as { Statement: Statement[] };
  const forServices = statements.filter(({ Principal: { Service: services } }) => services);
  expect(forServices).toHaveLength(1);
  expect(joined(forServices[0]?.Condition?.ArnLike?.['kms:EncryptionContext:aws:sns:topicArn'])).toBe(
    'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*',
  );
}, 120_000);
