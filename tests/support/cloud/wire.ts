/** An answer of the fake cloud. */
export type Answer = { status: number; body: string };

/** The answer of a service with the query protocol: the result of an action, in XML. */
export const xml = (action: string, result: string): Answer => ({
  status: 200,
  body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
});

/** Its refusal. */
export const fault = (code: string, message: string): Answer => ({
  status: code === 'AccessDenied' || code === 'ExpiredToken' || code === 'InvalidClientTokenId' ? 403 : 400,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** `<StackName>x</StackName>…` of an object; a list becomes members. */
export const elements = (of: Readonly<Record<string, unknown>>): string =>
  Object.entries(of)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${inner(value)}</${name}>`)
    .join('');

const inner = (value: unknown): string => {
  if (Array.isArray(value)) return value.map((each) => `<member>${inner(each)}</member>`).join('');
  if (typeof value === 'object' && value !== null) return elements(value as Record<string, unknown>);
  return escaped(String(value));
};
