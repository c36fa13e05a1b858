const END = '-----END CERTIFICATE-----';

/**
 * PEM of a certificate and, behind it, those of its issuers, which are the same for many leaves; put together they are the text.
 * Undefined: it holds no certificate, as what SSH has is one line.
 */
export function splitChain(text: string): { readonly leaf: string; readonly issuers: string } | undefined {
  const at = text.indexOf(END);
  if (at === -1) return undefined;
  const end = at + END.length;
  return { leaf: text.slice(0, end), issuers: text.slice(end) };
}
