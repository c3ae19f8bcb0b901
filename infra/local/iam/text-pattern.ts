/** Text in which `*` matches any characters and `?` matches one. Case counts. */
export type TextPattern = { text: string; matches(value: string): boolean };

/** IAM's wildcards. Every other character matches only itself. */
export const textPattern = (text: string): TextPattern => {
  if (!/[*?]/.test(text)) return { text, matches: (value) => value === text };
  const source = text
    .replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  return { text, matches: (value) => expression.test(value) };
};
