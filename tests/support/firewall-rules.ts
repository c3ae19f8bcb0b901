import { posix } from 'node:path';

/** A rule of a web ACL, as far as `firewall.test.ts` needs it. */
export type FirewallRule = { Name: string; Action?: object; Statement: Statement };

type Statement = {
  AndStatement?: { Statements: Statement[] };
  NotStatement?: { Statement: Statement };
  RateBasedStatement?: { Limit: number; AggregateKeyType: string; ScopeDownStatement: Statement };
  ManagedRuleGroupStatement?: { ScopeDownStatement: Statement };
  SizeConstraintStatement?: object;
  RegexMatchStatement?: { RegexString: string } & Looked;
  ByteMatchStatement?: { SearchString: string; PositionalConstraint: string } & Looked;
};
type Looked = { FieldToMatch: object; TextTransformations: { Priority: number; Type: string }[] };
type Asked = { method: string; path: string };

const transformations: Record<string, (text: string) => string> = {
  NONE: (text) => text,
  URL_DECODE: decodeURIComponent,
  NORMALIZE_PATH: (text) => posix.normalize(text),
};
const looked = ({ FieldToMatch: field, TextTransformations: all }: Looked, { method, path }: Asked) =>
  all
    .toSorted((a, b) => a.Priority - b.Priority)
    .reduce((text, { Type }) => transformations[Type]?.(text) ?? '?', 'Method' in field ? method : path);

/** Whether a rule with this statement looks at such a request (source: AWS WAF developer guide, "Rule statements"). */
const looksAt = (statement: Statement, asked: Asked): boolean => {
  const {
    AndStatement: and,
    NotStatement: not,
    RegexMatchStatement: regex,
    ByteMatchStatement: bytes,
  } = statement;
  const within = statement.RateBasedStatement ?? statement.ManagedRuleGroupStatement;
  if (within) return looksAt(within.ScopeDownStatement, asked);
  if (and) return and.Statements.every((each) => looksAt(each, asked));
  if (not) return !looksAt(not.Statement, asked);
  if (regex) return new RegExp(regex.RegexString).test(looked(regex, asked));
  if (bytes)
    return bytes.PositionalConstraint === 'EXACTLY'
      ? looked(bytes, asked) === bytes.SearchString
      : looked(bytes, asked).startsWith(bytes.SearchString);
  return statement.SizeConstraintStatement !== undefined;
};

/** The names of the rules that look at such a request. */
export const namesLookingAt = (rules: readonly FirewallRule[], asked: Asked): string[] =>
  rules.flatMap(({ Name: name, Statement: statement }) => (looksAt(statement, asked) ? name : []));
