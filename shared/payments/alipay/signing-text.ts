/** The text to sign: `key=value` joined by `&`, keys in the order of their code units, values unchanged. */
export const signingText = (parameters: ReadonlyMap<string, string>): string =>
  [...parameters.keys()]
    .sort()
    .map((key) => `${key}=${parameters.get(key)}`)
    .join('&');
