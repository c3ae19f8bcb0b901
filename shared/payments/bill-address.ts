/**
 * The address from which to download a bill: of the provider's gateway itself, which is plain only in the local run, or any other
 * with TLS. Providers still name plain ones, whose hosts have TLS as well. Undefined for an address that is none.
 */
export const billAddress = (text: string, gateway: string): URL | undefined => {
  const url = URL.parse(text);
  if (!url || url.username || url.password) return undefined;
  if (url.origin === new URL(gateway).origin) return url;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  url.protocol = 'https:';
  return url;
};
