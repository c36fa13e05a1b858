import { readFile } from 'node:fs/promises';
import { BackendError } from '../backends/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Unlock } from './api.ts';

/** What a passphrase file may hold at most; a longer one is the wrong file. */
const LONGEST_PASSPHRASE = 4096;

/** The first line of a file, without its line end. */
export async function readPassphraseFile(file: string): Promise<Secret<string>> {
  const passphrase = (await readFile(file, 'utf8')).split(/\r?\n/, 1)[0] ?? '';
  if (passphrase !== '' && passphrase.length <= LONGEST_PASSPHRASE) return new Secret(passphrase);
  throw new BackendError({
    kind: 'invalid-request',
    what: `${file} holds no passphrase in its first line.`,
    hint: 'Write the passphrase into its first line.',
  });
}

/** `IDAC_PASSPHRASE`, else the file that `IDAC_PASSPHRASE_FILE` names, else none. */
export async function unlockFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Unlock> {
  const given = environment['IDAC_PASSPHRASE'];
  if (given !== undefined && given !== '') return { how: 'passphrase', passphrase: new Secret(given) };
  const file = environment['IDAC_PASSPHRASE_FILE'];
  if (file === undefined || file === '') return { how: 'none' };
  return { how: 'passphrase', passphrase: await readPassphraseFile(file) };
}
