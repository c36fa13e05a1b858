/** What goes into a key store of either form: one private key with its chain, or trusted certificates, or both. */
export interface KeystoreContent {
  readonly key?: {
    readonly alias: string;
    /** DER PrivateKeyInfo (RFC 5208). Private. */
    readonly pkcs8: Uint8Array;
    /** DER, leaf first. */
    readonly chain: readonly Uint8Array[];
  };
  readonly trusted: readonly { readonly alias: string; readonly der: Uint8Array }[];
}

/**
 * Names of what a key store holds. Beside a key only its chain and the root can stand; alone, each certificate is an anchor
 * that the owner of the store trusts.
 */
export function keystoreContent(
  alias: string,
  pkcs8: Uint8Array | undefined,
  certificates: readonly Uint8Array[],
  roots: readonly Uint8Array[],
): KeystoreContent {
  const numbered = (name: string, ders: readonly Uint8Array[]) =>
    ders.map((der, index) => ({ alias: index === 0 ? name : `${name}-${index + 1}`, der }));
  if (pkcs8 !== undefined)
    return { key: { alias, pkcs8, chain: certificates }, trusted: numbered(`${alias}-root`, roots) };
  return { trusted: numbered(alias, [...certificates, ...roots]) };
}
