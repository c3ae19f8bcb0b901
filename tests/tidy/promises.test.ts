import { join } from 'node:path';
import ts from 'typescript';
import { lineOf, root, visitAll } from './repository.ts';

/**
 * A promise that nobody waits for is work that a function does after it has answered: Lambda freezes it, and its
 * failure is never seen. It needs types, so the compiler is asked. `void promise` says that it is meant.
 */
describe('promises', () => {
  test('every promise is awaited, returned, handled or marked with void', () => {
    const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
    const { fileNames, options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
    const program = ts.createProgram(fileNames, options);
    const checker = program.getTypeChecker();
    const floating: string[] = [];
    for (const source of program.getSourceFiles()) {
      if (source.fileName.includes('/node_modules/')) continue;
      visitAll(source, (node) => {
        if (!ts.isExpressionStatement(node) || !isFloating(node.expression, checker)) return;
        const path = source.fileName.slice(root.length + 1);
        floating.push(`${path}:${lineOf(source, node)}  ${node.getText(source).split('\n')[0]}`);
      });
    }
    expect(floating).toEqual([]);
  }, 180_000);
});

function isFloating(expression: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isVoidExpression(expression) || ts.isAwaitExpression(expression)) return false;
  if (ts.isBinaryExpression(expression)) return false; // kept somewhere
  if (isHandled(expression)) return false;
  const type = checker.getTypeAtLocation(expression);
  const parts = type.isUnion() ? type.types : [type];
  return parts.some(
    (part) => part.getProperty('then') !== undefined && part.getProperty('catch') !== undefined,
  );
}

/** `.catch(…)` or `.then(…, …)` at the end: a failure goes somewhere. */
function isHandled(expression: ts.Expression): boolean {
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return false;
  const { name, expression: before } = expression.expression;
  if (name.text === 'finally') return isHandled(before);
  return name.text === 'catch' || (name.text === 'then' && expression.arguments.length > 1);
}
