/** The value of a JSON text; undefined if it is none, which no schema takes. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
