type Expected = 'value' | 'first value' | 'first key' | 'key' | 'colon' | 'comma' | 'nothing';

const space = /[ \t\n\r]*/y;
// oxlint-disable-next-line no-control-regex -- JSON forbids them in strings
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * The place where a text stops being JSON, as `line 2, column 7`. The engine's own message names the place only sometimes,
 * and it quotes the text. Call this only for a text that does not parse. It is not recursive, so it accepts any depth.
 */
export const findJsonError = (json: string): string => {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(json);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const afterValue = (): Expected => (open.length === 0 ? 'nothing' : 'comma');

  for (;;) {
    take(space);
    const next = json[at];
    const closes = next === (open.at(-1) === '{' ? '}' : ']') && open.length > 0;
    if (closes && (expected === 'comma' || expected === 'first key' || expected === 'first value')) {
      at += 1;
      open.pop();
      expected = afterValue();
    } else if (expected === 'comma' && next === ',') {
      at += 1;
      expected = open.at(-1) === '{' ? 'key' : 'value';
    } else if (expected === 'colon' && next === ':') {
      at += 1;
      expected = 'value';
    } else if ((expected === 'key' || expected === 'first key') && take(text)) {
      expected = 'colon';
    } else if ((expected === 'value' || expected === 'first value') && (next === '{' || next === '[')) {
      at += 1;
      open.push(next);
      expected = next === '{' ? 'first key' : 'first value';
    } else if ((expected === 'value' || expected === 'first value') && (take(text) || take(scalar))) {
      expected = afterValue();
    } else {
      return placeOf(json, at);
    }
  }
};

const placeOf = (json: string, at: number): string => {
  const before = json.slice(0, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
};
