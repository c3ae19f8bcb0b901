import ts from 'typescript';
import { codeFiles, lineOf, parse, visitAll } from './repository.ts';

/**
 * What differs from country to country is data, in carriers/. Code may name a currency, a zone, a language, a kind of
 * document or a passenger's discount only where it implements exactly that.
 */
const implementations: Readonly<Record<string, RegExp>> = {
  currency: /^shared\/payments\/(?:alipay|wechatpay|stripe)\/|^infra\/local\/providers\//,
  zone: /^shared\/payments\/(?:alipay|wechatpay)\/|^infra\/local\/providers\//,
  language: new RegExp(
    [
      String.raw`^shared/platform/locales\.ts$`,
      String.raw`^shared/notifications/(?:speak\.ts|texts/)`,
      String.raw`^functions/pages/greeting-texts\.ts$`,
      // The local issuer's pages, which stand in for Cognito's.
      String.raw`^infra/local/identity/issuer-texts\.ts$`,
    ].join('|'),
  ),
  document: /^shared\/users\//,
  discount: /^(?!)/,
};

/** It makes the demo feed of one carrier. */
const ofOneCarrier = /^cli\/demo-feed\//;

const currencies = new Set(Intl.supportedValuesOf('currency'));
const zones = new Set(Intl.supportedValuesOf('timeZone'));
const languages = new Set(['de', 'zh-CN', 'zh', 'fr', 'es', 'ja', 'de-DE', 'en-US']);
const documents = /^(?:cn|hk|mo|tw|us|de|gb)-[a-z-]+$/;
const discounted = /^(?:percentOf\w*|child|student|senior|infant|youth|discount\w*)$/;

const isNumber = (node: ts.Node): boolean => ts.isNumericLiteral(node) && Number(node.text) > 0;

/** The kind of country's rule that a node spells out. */
const kindOf = (node: ts.Node): string | undefined => {
  if (ts.isPropertyAssignment(node))
    return discounted.test(node.name.getText().replaceAll("'", '')) && isNumber(node.initializer)
      ? 'discount'
      : undefined;
  if (!ts.isStringLiteralLike(node)) return undefined;
  if (currencies.has(node.text)) return 'currency';
  if (zones.has(node.text) && node.text.includes('/')) return 'zone';
  if (languages.has(node.text)) return 'language';
  return documents.test(node.text) ? 'document' : undefined;
};

const rulesIn = (source: ts.SourceFile): string[] => {
  const found: string[] = [];
  visitAll(source, (node) => {
    const kind = kindOf(node);
    if (kind && !implementations[kind]?.test(source.fileName))
      found.push(`${source.fileName}:${lineOf(source, node)}  ${kind}: ${node.getText(source)}`);
  });
  return found;
};

const sourceOf = (file: string, text: string) =>
  ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true);

describe('no country’s rule stands in code', () => {
  test('the command line, functions, stacks and the business have none', () => {
    const ours = codeFiles.filter((path) => /^(?:cli|functions|infra|shared)\//.test(path));
    expect(ours.filter((path) => !ofOneCarrier.test(path)).flatMap((path) => rulesIn(parse(path)))).toEqual(
      [],
    );
  });

  test.each([
    ['currency', "const currency = 'EUR';"],
    ['zone', "inZone(now, 'Asia/Shanghai');"],
    ['language', "const locale = said ?? 'zh-CN';"],
    ['document', "if (kind === 'cn-resident-id') check();"],
    ['discount', 'const percentOfAdult = { child: 50 };'],
    ['discount', 'const terms = { percentOfAdult: 75 };'],
  ])('a %s that is added is found: %s', (kind, text) => {
    const found = rulesIn(sourceOf('shared/selling/added.ts', text));
    expect(found).toEqual([expect.stringContaining(`shared/selling/added.ts:1  ${kind}: `)]);
  });

  test('what implements a provider, a language or a document may name it, and nothing else', () => {
    const alipay = 'shared/payments/alipay/model.ts';
    expect(rulesIn(sourceOf(alipay, "export const alipayCurrency = 'CNY';"))).toEqual([]);
    expect(rulesIn(sourceOf(alipay, "const locale = 'zh-CN';"))).toHaveLength(1);
  });
});
