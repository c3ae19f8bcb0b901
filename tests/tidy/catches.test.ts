import ts from 'typescript';
import { codeFiles, lineOf, parse, visitAll } from './repository.ts';

/**
 * An error that nobody sees is a fault that nobody mends: keys at a provider that have expired looked like a provider
 * that is silent. A catch takes the error, and logs it, counts it, tells it or throws it on. These leave it out, and say
 * why; a file is listed only as long as it does.
 */
const withoutError: Readonly<Record<string, string>> = {
  'functions/compose/page-token.ts': 'a cursor that we did not make is answered as an invalid field',
  'functions/middleware/read-body.ts': 'a body that cannot be read is told to its sender',
  'shared/audit/scan.ts': 'what cannot be read is a finding of the audit',
  'shared/audit/sort-items.ts': 'what cannot be read is a finding of the audit',
  'shared/feeds/open-feed.ts': 'a path without a file is told to whoever typed it',
  'shared/feeds/open-folder.ts': 'a link without a file is told, by its name',
  'shared/feeds/read-sources.ts': 'a path without a file is told to whoever typed it',
  'shared/feeds/read-translations.ts': 'asks whether a text is a language tag',
  'shared/inventory/changed-shards.ts': 'an item that is no shard has no pieces; the audit finds it',
  'shared/payments/alipay/answer.ts': 'asks whether a text is JSON; one that is not is told as no answer',
  'shared/payments/alipay/notification.ts': 'a body that cannot be read is refused, with the reason',
  'shared/payments/json-of.ts': 'asks whether a text is JSON; one that is not is told as no answer',
  'shared/payments/open-by-secret.ts': 'what a parser says of a secret may quote it',
  'shared/payments/wechatpay/decrypt.ts': 'content that another key sealed is refused, with the reason',
  'shared/platform/languages.ts': 'asks whether a text is a language tag; clients send anything',
  'shared/platform/time.ts': 'asks whether a text names a time zone',
  'shared/tickets/key-ring.ts': 'what a parser says of a secret may quote it',
  'shared/tickets/read-cbor.ts': 'a code that cannot be read is no ticket',
  'shared/timetable/run-id.ts': 'bytes that are no text name no trip',
  'shared/timetable/store.ts': 'whoever waits for the timetable gets the error; this only forgets it',
};

const isSilentCallback = (node: ts.Expression | undefined): boolean =>
  node !== undefined &&
  (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) &&
  node.parameters.length === 0;

/** `catch {` and `.catch(() => …)`. */
const isSilent = (node: ts.Node): boolean => {
  if (ts.isCatchClause(node)) return node.variableDeclaration === undefined;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return node.expression.name.text === 'catch' && isSilentCallback(node.arguments[0]);
};

const silentIn = (source: ts.SourceFile): number[] => {
  const lines: number[] = [];
  visitAll(source, (node) => {
    if (isSilent(node)) lines.push(lineOf(source, node));
  });
  return lines;
};

describe('errors are seen', () => {
  test.each([
    ['const it = work().catch(() => undefined);', 1],
    ['try { work(); } catch { stop(); }', 1],
    ['const it = work().catch((error: unknown) => log(error));', 0],
    ['const it = work().catch(log);', 0],
    ['try { work(); } catch (error) { log(error); }', 0],
  ])('%s', (text, count) => {
    const source = ts.createSourceFile('example.ts', text, ts.ScriptTarget.ES2024, true);
    expect(silentIn(source)).toHaveLength(count);
  });

  test('what is deployed leaves no error unseen, but for the reasons above', () => {
    const deployed = codeFiles.filter((path) => /^(?:shared|functions)\//.test(path));
    const silent = deployed.flatMap((path) => silentIn(parse(path)).map((line) => ({ path, line })));
    const unforeseen = silent.filter(({ path }) => !Object.hasOwn(withoutError, path));
    expect(unforeseen.map(({ path, line }) => `${path}:${line}`)).toEqual([]);
    const listed = new Set(silent.map(({ path }) => path));
    expect(Object.keys(withoutError).filter((path) => !listed.has(path))).toEqual([]);
  });
});
