/** Key stores as Java and OpenSSL see them. */
import { execFileSync, spawnSync } from 'node:child_process';

export interface StoreFile {
  readonly file: string;
  readonly passwordFile: string;
}

/** The end of the lines matters to Java's option parser alone: the first line of the file is the password. */
export function keytool(...args: readonly string[]): string {
  return execFileSync('keytool', ['-J-Duser.language=en', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface JavaEntry {
  readonly alias: string;
  readonly type: string;
  /** SHA-256 of the certificates, hex, the leaf first. */
  readonly fingerprints: readonly string[];
}

export function javaEntries({ file, passwordFile }: StoreFile): {
  readonly storeType: string;
  readonly entries: readonly JavaEntry[];
} {
  const text = keytool('-list', '-v', '-keystore', file, '-storepass:file', passwordFile);
  const entries = text.split(/^Alias name: /m).slice(1);
  return {
    storeType: /^Keystore type: (\w+)/m.exec(text)?.[1] ?? '',
    entries: entries.map((entry) => ({
      alias: entry.split('\n', 1)[0] ?? '',
      type: /^Entry type: (\w+)/m.exec(entry)?.[1] ?? '',
      fingerprints: [...entry.matchAll(/SHA256: ([0-9A-F:]{95})/g)].map(([, hex = '']) =>
        hex.replaceAll(':', '').toLowerCase(),
      ),
    })),
  };
}

/** What OpenSSL gives of a PKCS#12 file, as PEM; throws where the password does not open it. */
export function opensslPkcs12(
  { file, passwordFile }: StoreFile,
  ...options: readonly string[]
): { readonly out: string; readonly info: string } {
  const ran = spawnSync(
    'openssl',
    ['pkcs12', '-in', file, '-passin', `file:${passwordFile}`, '-info', '-nodes', ...options],
    { encoding: 'utf8' },
  );
  if (ran.status !== 0) throw new Error(ran.stderr);
  return { out: ran.stdout, info: ran.stderr };
}
