import type ts from 'typescript';
import type { Declarations } from './declarations.ts';
import { factsOf } from './node-facts.ts';

/** What a function can do, judged by what its handler leads to. */
export type ReachedCode = {
  /** Classes and functions of packages that it uses: `@aws-sdk/lib-dynamodb GetCommand`. */
  imported: ReadonlySet<string>;
  /** Names of functions and constants of ours. */
  names: ReadonlySet<string>;
  /** Texts, and names of properties that it reads. */
  words: ReadonlySet<string>;
  /** The keys of its object literals. */
  keys: ReadonlySet<string>;
};

/**
 * Follows the code from an exported handler. A member of an object counts if it is named; where the object is passed on as a
 * whole, if its name is read anywhere in what was reached.
 */
export const reachedCode = (declarations: Declarations, handler: string): ReachedCode => {
  const { units, members, packages, exports, statements } = declarations;
  const imported = new Set<string>();
  const names = new Set<string>();
  const words = new Set<string>();
  const keys = new Set<string>();
  const open: ts.Node[] = [];
  const seen = new Set<ts.Node>();
  const passedOn = new Set<string>();

  const add = (node: ts.Node | undefined): void => {
    if (!node || seen.has(node)) return;
    seen.add(node);
    open.push(node);
  };
  const reach = (name: string, member?: string): void => {
    names.add(name);
    const from = packages.get(name);
    if (from !== undefined) imported.add(from);
    const ofObject = members.get(name);
    if (!ofObject) add(units.get(name));
    else if (member !== undefined && ofObject.has(member)) add(ofObject.get(member));
    else passedOn.add(name);
  };
  const read = (node: ts.Node): void => {
    const facts = factsOf(node);
    for (const word of facts.words) words.add(word);
    for (const key of facts.keys) keys.add(key);
    for (const { name, member } of facts.named) reach(name, member);
  };

  statements.forEach(add);
  reach(exports.get(handler) ?? handler);
  do {
    for (let node = open.pop(); node; node = open.pop()) read(node);
    // Each round may read the names of members that an earlier one passed over.
    for (const object of passedOn)
      for (const [name, member] of members.get(object) ?? [])
        if (words.has(name) || name === '...') add(member);
  } while (open.length > 0);
  return { imported, names, words, keys };
};
