import { codeFiles, findAll } from './repository.ts';

const product = codeFiles.filter((path) => /^(?:shared|functions|infra|cli)\//.test(path));

describe('whatever is called over a network', () => {
  test('is called by clients that shared/platform/aws-client.ts makes, with limits', () => {
    expect(findAll(product, /new \w+Client\(/)).toEqual([]);
  });

  test('makes clients that are seen, however they are made', () => {
    expect(/new \w+Client\(/.test('const client = new DynamoDBClient({});')).toBe(true);
    expect(findAll(product, /awsClient\(\w+/).length).toBeGreaterThan(8);
  });

  test('is fetched by deployed code in one place, with a signal', () => {
    const deployed = product.filter((path) => /^(?:shared|functions)\//.test(path));
    const fetching = findAll(deployed, /(?<![\w'])fetch\(|AbortSignal\.timeout/).filter(
      (line) => !line.startsWith('functions/pages/'),
    );
    expect(fetching.map((line) => line.split(':')[0])).toEqual(['shared/payments/send-request.ts']);
  });
});
