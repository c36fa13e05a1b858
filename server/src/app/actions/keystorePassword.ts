import type { ProjectFiles } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import { toHex } from '../../core/credential/octets.ts';
import type { DeliveryPlace } from '../../core/lifecycle/task.ts';
import { Secret } from '../../core/secret.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { nodeRandom } from '../../platform/crypto/randomSource.ts';
import type { Services } from './services.ts';

type Holder = Pick<Services, 'files' | 'passwords'>;
type Packed = Pick<DeliveryPlace, 'keystore' | 'owner'>;

/** 256 bits: as strong as the cipher, whatever the key store derives from it. */
const RANDOM_OCTETS = 32;
const LONGEST = 1024;

/** The first line of the file; undefined when there is no file. */
export async function readPassword(files: ProjectFiles, path: string): Promise<Secret<string> | undefined> {
  const file = await files.read(path);
  if (file === undefined) return undefined;
  return file.bytes.map((bytes) => firstLine(bytes, path));
}

function firstLine(bytes: Uint8Array, path: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unusable(path, 'is no UTF-8 text');
  }
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw unusable(path, 'has no password in its first line');
  if (line.startsWith('-----BEGIN ')) throw unusable(path, 'is a PEM file and holds no password');
  if (line.length > LONGEST) throw unusable(path, `has more than ${LONGEST} characters in its first line`);
  return line;
}

function unusable(path: string, why: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `the password file ${path} ${why}`,
    hint: 'write the password as its first line, or remove the file: a random one is made then',
  });
}

/** Throws what making or reading the password would throw, or where others could read it; changes nothing. */
export async function checkPassword({ files }: Holder, { keystore, owner }: Packed): Promise<void> {
  if (keystore === undefined) return;
  const { passwordFile } = keystore;
  await files.preflight(passwordFile, { isPrivate: true, ...(owner === undefined ? {} : { owner }) });
  const file = await files.read(passwordFile);
  if (file === undefined) return;
  file.bytes.map((bytes) => firstLine(bytes, passwordFile));
  if (process.platform === 'win32' || (file.mode & 0o077) === 0) return;
  throw new BackendError({
    kind: 'forbidden',
    what: `${passwordFile} holds a password, and others than its owner can reach it (mode ${file.mode.toString(8)})`,
    hint: `run "chmod 600 ${passwordFile}"; if others may have read it, remove the file and rotate`,
  });
}

/**
 * Makes a random password where the file is not there yet. It is noted first, so that a process that dies leaves no file
 * that nobody claims.
 */
export async function ensurePassword(
  { files, passwords }: Holder,
  { keystore, owner }: Packed,
  planId: string,
  signal: AbortSignal,
): Promise<void> {
  if (keystore === undefined) return;
  const path = keystore.passwordFile;
  await passwords.locked(
    path,
    async () => {
      if ((await readPassword(files, path)) !== undefined) return;
      const text = `${Buffer.from(nodeRandom.bytes(RANDOM_OCTETS)).toString('base64url')}\n`;
      const bytes = new Secret<Uint8Array>(new TextEncoder().encode(text));
      await passwords.write({ path, version: toHex(nodeHasher.hash('sha256', bytes.reveal())), planId });
      const options = { ifVersion: null, isPrivate: true, ...(owner === undefined ? {} : { owner }) };
      await files.write(path, bytes, options);
    },
    signal,
  );
}

/**
 * Removes the file if it still is what was made here; with `planId`, by that action. What a person wrote or changed stays.
 */
export async function removeMadePassword(
  { files, passwords }: Holder,
  path: string,
  planId: string | null,
  signal: AbortSignal,
): Promise<void> {
  await passwords.locked(
    path,
    async () => {
      const note = await passwords.read(path);
      if (note === undefined || (planId !== null && note.planId !== planId)) return;
      const file = await files.read(path);
      if (file !== undefined && file.version === note.version)
        await files.remove(path, { ifVersion: note.version });
      await passwords.remove(path);
    },
    signal,
  );
}
