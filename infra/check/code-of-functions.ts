import { readDeclarations, type Declarations } from './declarations.ts';
import type { Subject } from './model.ts';
import { reachedCode, type ReachedCode } from './reached-code.ts';

const declarations = new WeakMap<Subject['ownCode'], Declarations>();

/** What the code behind an entry can do. Reads the code of a deployment once. */
export const codeBehind = ({ ownCode }: Subject, entry: string): ReachedCode => {
  const read = declarations.get(ownCode) ?? readDeclarations(ownCode.text);
  declarations.set(ownCode, read);
  return reachedCode(read, ownCode.handlers[entry] ?? '');
};
