import type { StateFolder } from '../../backends/contract.ts';
import { encodeUtf8 } from '../../core/credential/charset.ts';
import { toHex } from '../../core/credential/octets.ts';
import type { Hasher } from '../../core/ports.ts';

/**
 * Which password files were made here, in the user's state: a record is a file that anybody who commits can write, and must
 * not decide which of the project's files are removed. Of the password it holds a digest, and the password is random.
 */
export interface PasswordNote {
  readonly path: string;
  /** SHA-256 of the file, as it was made. */
  readonly version: string;
  /** The action that made it. */
  readonly planId: string;
}

export interface PasswordNotes {
  read(path: string): Promise<PasswordNote | undefined>;
  write(note: PasswordNote): Promise<void>;
  remove(path: string): Promise<void>;
  /** Runs `work` while no other process makes or removes that password. */
  locked<T>(path: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function openPasswordNotes(state: StateFolder, hasher: Hasher): PasswordNotes {
  const nameOf = (path: string) => toHex(hasher.hash('sha256', encodeUtf8(path))).slice(0, 32);
  return {
    async read(path) {
      const bytes = await state.read(`${nameOf(path)}.json`);
      return bytes === undefined ? undefined : noteIn(new TextDecoder().decode(bytes), path);
    },
    write: (note) => state.write(`${nameOf(note.path)}.json`, encodeUtf8(JSON.stringify(note))),
    remove: (path) => state.remove(`${nameOf(path)}.json`),
    locked: (path, work, signal) => state.locked(nameOf(path), work, signal),
  };
}

/** A note that cannot be read is none: a password file is then left where it is. */
function noteIn(text: string, path: string): PasswordNote | undefined {
  try {
    const { path: of, version, planId } = JSON.parse(text) as Partial<PasswordNote>;
    return of === path && typeof version === 'string' && typeof planId === 'string'
      ? { path, version, planId }
      : undefined;
  } catch {
    return undefined;
  }
}
