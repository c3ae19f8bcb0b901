import { join } from 'node:path';
import ts from 'typescript';
import { isRetryable as ofAfterSale } from '../../shared/after-sale/refusals.ts';
import { isRetryable as ofCheckIns } from '../../shared/check-ins/refusals.ts';
import { isRetryable as ofDisruption } from '../../shared/disruption/refusals.ts';
import { isRetryable as ofFeeds } from '../../shared/feeds/judge-losses.ts';
import { isRetryable as ofJourneys } from '../../shared/journeys/search-journeys.ts';
import { isRetryable as ofPaying } from '../../shared/paying/rules.ts';
import { isRetryable as ofReconciliation } from '../../shared/reconciliation/rules.ts';
import { isRetryable as ofRollbacks } from '../../shared/feeds/roll-back.ts';
import { isRetryable as ofRuns } from '../../shared/runs/rules.ts';
import { isRetryable as ofSelling } from '../../shared/selling/rules.ts';
import { isRetryable as ofCodes } from '../../shared/tickets/code.ts';
import { isRetryable as ofSales } from '../../shared/timetable/decide-sales.ts';
import { isRetryable as ofUpkeep } from '../../shared/upkeep/rules.ts';
import { isRetryable as ofWaitlist } from '../../shared/waitlist/rules.ts';
import { codeFiles, lineOf, parse, root, visitAll } from './repository.ts';

/**
 * Both results of a decision are objects, so a boolean test of one compiles and always takes the same way: its
 * `outcome` must be compared. That needs types, so the compiler is asked.
 */
describe('outcomes', () => {
  test('are compared, and never tested for truth', () => {
    const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
    const { fileNames, options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
    const program = ts.createProgram(fileNames, options);
    expect(program.getSourceFiles().flatMap((source) => testedForTruth(source, program))).toEqual([]);
  }, 180_000);

  test('are found in every test for truth', () => {
    const declared = `
      declare const made: { outcome: 'accepted' } | { outcome: 'rejected'; reason: 'busy' };
      declare const perhaps: typeof made | undefined;`;
    const found = sampleOf(`${declared}
      if (made) 1;
      if (!made) 2;
      made ? 3 : 4;
      made && 5;
      while (made) 6;`);
    expect(found).toHaveLength(5);
    expect(sampleOf(`${declared}\n if (perhaps) 1; if (made.outcome === 'accepted') 2;`)).toEqual([]);
  });
});

/** The code itself acts on these: they say what to do next, and nobody hears of them. */
const steps: ReadonlySet<string> = new Set([
  'as-booked',
  'closed',
  'gone',
  'already-known',
  'late-money',
  'no-seats',
  'own-order',
  'provider-off',
  'provider-refuses',
  'run-changes',
]);

describe('rejections', () => {
  const decisions = codeFiles.filter((path) => /^shared\/(?!platform\/).*(?<!store)\.ts$/.test(path));
  // In each of them, a reason without an answer does not compile.
  const answers = [
    ofAfterSale,
    ofCheckIns,
    ofDisruption,
    ofFeeds,
    ofRollbacks,
    ofJourneys,
    ofPaying,
    ofReconciliation,
    ofRuns,
    ofSelling,
    ofCodes,
    ofUpkeep,
    ofSales,
    ofWaitlist,
  ];
  const answered = new Set(answers.flatMap((each) => Object.keys(each)));

  test('each reason has an answer to whether trying again can help', () => {
    const unanswered = decisions
      .filter((path) => !/^shared\/payments\/[a-z]+\//.test(path))
      .flatMap((path) =>
        reasonsIn(parse(path)).flatMap((reason) =>
          answered.has(reason) || steps.has(reason) ? [] : `${path}: ${reason}`,
        ),
      );
    expect([...new Set(unanswered)]).toEqual([]);
    expect(answered.size).toBeGreaterThan(60);
  });
});

/** The expressions that decide which way a program goes. */
function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  if (ts.isConditionalExpression(node) || ts.isForStatement(node)) return node.condition;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return node.operand;
  const joins = [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken];
  if (ts.isBinaryExpression(node) && joins.includes(node.operatorToken.kind)) return node.left;
  return undefined;
}

function testedForTruth(source: ts.SourceFile, program: ts.Program): string[] {
  if (source.isDeclarationFile || source.fileName.includes('/node_modules/')) return [];
  const checker = program.getTypeChecker();
  const found: string[] = [];
  visitAll(source, (node) => {
    const condition = conditionOf(node);
    if (condition && isOutcome(checker.getTypeAtLocation(condition)))
      found.push(
        `${source.fileName}:${lineOf(source, node)}  ${condition.getText(source).split('\n')[0] ?? ''}`,
      );
  });
  return found;
}

function isOutcome(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.every((part) => part.getProperty('outcome') !== undefined);
}

/** What is found in a text that stands alone. */
function sampleOf(text: string): string[] {
  const name = 'sample.ts';
  const options = { noLib: true, strict: true };
  const host = ts.createCompilerHost(options);
  const sample = ts.createSourceFile(name, text, ts.ScriptTarget.ES2024, true);
  host.getSourceFile = (path) => (path === name ? sample : undefined);
  return testedForTruth(sample, ts.createProgram([name], options, host));
}

/** The texts that an expression may be. */
function literalsOf(expression: ts.Expression): string[] {
  if (ts.isStringLiteral(expression)) return [expression.text];
  if (!ts.isConditionalExpression(expression)) return [];
  return [...literalsOf(expression.whenTrue), ...literalsOf(expression.whenFalse)];
}

function reasonsIn(source: ts.SourceFile): string[] {
  const reasons: string[] = [];
  visitAll(source, (node) => {
    if (!ts.isCallExpression(node) || node.expression.getText(source) !== 'rejected') return;
    const [argument] = node.arguments;
    reasons.push(...(argument ? literalsOf(argument) : []));
  });
  return reasons;
}
