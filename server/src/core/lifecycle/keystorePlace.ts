/** Containers under a password that a file can be, in place of text. */
export const KEYSTORE_FORMATS = ['pkcs12', 'jks'] as const;
export type KeystoreFormat = (typeof KEYSTORE_FORMATS)[number];

/** How a copy is packed. The password is in no manifest, plan, journal or event: they name the file that holds it. */
export interface KeystorePlace {
  readonly format: KeystoreFormat;
  /** What programs ask for inside the key store. */
  readonly alias: string;
  /** Project file whose first line is the password. */
  readonly passwordFile: string;
}

const TITLES: Readonly<Record<KeystoreFormat, string>> = {
  pkcs12: 'PKCS#12 file',
  jks: 'Java key store',
};

/** As a sentence calls it, without article. */
export function keystoreTitle(format: KeystoreFormat): string {
  return TITLES[format];
}
