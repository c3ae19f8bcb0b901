import ts from 'typescript';

/** What a piece of code names, inside and out. */
export type NodeFacts = {
  /** Identifiers, each with the member that is read of it, if one is. */
  named: readonly { name: string; member: string | undefined }[];
  /** Texts, and names of properties that are read. */
  words: ReadonlySet<string>;
  /** The keys of object literals. */
  keys: ReadonlySet<string>;
};

const known = new WeakMap<ts.Node, NodeFacts>();

/** Remembers the answer: many functions lead to the same code. */
export const factsOf = (node: ts.Node): NodeFacts => {
  const facts = known.get(node) ?? readFacts(node);
  known.set(node, facts);
  return facts;
};

const readFacts = (root: ts.Node): NodeFacts => {
  const named: { name: string; member: string | undefined }[] = [];
  const words = new Set<string>();
  const keys = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) words.add(node.text);
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node))
      keys.add(node.name.getText());
    if (ts.isIdentifier(node)) {
      if (isReadKey(node)) words.add(node.text);
      else if (!isWrittenKey(node)) named.push({ name: node.text, member: memberReadOf(node) });
    }
    node.forEachChild(visit);
  };
  visit(root);
  return { named, words, keys };
};

/** The member that `identifier.member` reads. */
const memberReadOf = (identifier: ts.Identifier): string | undefined => {
  const { parent } = identifier;
  return ts.isPropertyAccessExpression(parent) && parent.expression === identifier
    ? parent.name.text
    : undefined;
};

/** `x.name`, `const { name: x } = …` */
const isReadKey = (identifier: ts.Identifier): boolean => {
  const { parent } = identifier;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === identifier) ||
    (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === identifier)
  );
};

/** `{ name: … }`, `{ name() … }` */
const isWrittenKey = (identifier: ts.Identifier): boolean => {
  const { parent } = identifier;
  return (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) && parent.name === identifier;
};
