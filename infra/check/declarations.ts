import ts from 'typescript';

/** The declarations at the top level of a bundle, by name. */
export type Declarations = {
  /** Functions, classes and constants. */
  units: ReadonlyMap<string, ts.Node>;
  /** The members of constants that are object literals; `...` is what they spread. */
  members: ReadonlyMap<string, ReadonlyMap<string, ts.Node>>;
  /** What it imports: the package and the name there. */
  packages: ReadonlyMap<string, string>;
  /** The declarations behind its exports. */
  exports: ReadonlyMap<string, string>;
  /** What runs when the module loads. */
  statements: readonly ts.Node[];
};

/** Reads a bundle as esbuild writes it. */
export const readDeclarations = (bundle: string): Declarations => {
  const source = ts.createSourceFile('bundle.mjs', bundle, ts.ScriptTarget.ES2024, true, ts.ScriptKind.JS);
  const found = {
    units: new Map<string, ts.Node>(),
    members: new Map<string, Map<string, ts.Node>>(),
    packages: new Map<string, string>(),
    exports: new Map<string, string>(),
    statements: [] as ts.Node[],
  };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement))
      for (const [name, from] of importsOf(statement)) found.packages.set(name, from);
    else if (ts.isExportDeclaration(statement))
      for (const [name, local] of exportsOf(statement)) found.exports.set(name, local);
    else if (ts.isVariableStatement(statement))
      for (const declaration of statement.declarationList.declarations) addVariable(found, declaration);
    else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name)
      found.units.set(statement.name.text, statement);
    else found.statements.push(statement);
  }
  return found;
};

type Variables = { units: Map<string, ts.Node>; members: Map<string, Map<string, ts.Node>> };

const addVariable = ({ units, members }: Variables, { name, initializer }: ts.VariableDeclaration): void => {
  if (!initializer) return;
  for (const declared of namesIn(name)) units.set(declared, initializer);
  if (ts.isIdentifier(name) && ts.isObjectLiteralExpression(initializer))
    members.set(name.text, membersOf(initializer));
};

const importsOf = ({ moduleSpecifier, importClause }: ts.ImportDeclaration): [string, string][] => {
  const from = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
  const bindings = importClause?.namedBindings;
  return bindings && ts.isNamedImports(bindings)
    ? bindings.elements.map(({ name, propertyName }) => [name.text, `${from} ${(propertyName ?? name).text}`])
    : [];
};

const exportsOf = ({ exportClause }: ts.ExportDeclaration): [string, string][] =>
  exportClause && ts.isNamedExports(exportClause)
    ? exportClause.elements.map(({ name, propertyName }) => [name.text, (propertyName ?? name).text])
    : [];

const namesIn = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []));

const membersOf = ({ properties }: ts.ObjectLiteralExpression): Map<string, ts.Node> =>
  new Map(
    properties.map((member) => [
      member.name && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name))
        ? member.name.text
        : '...',
      member,
    ]),
  );
