import { readFile } from 'node:fs/promises';
import type { Unlock } from '../app/api.ts';
import { UsageError } from '../app/failure.ts';
import { Secret } from '../core/secret.ts';
import type { Surroundings } from './command.ts';
import { line, paragraph, span } from './output/text.ts';
import { askHidden } from './prompt.ts';

/** What a passphrase file may hold at most; a longer one is the wrong file. */
const LONGEST = 4096;

/** A passphrase from the option's file, the variable or the variable's file, in this order. */
export async function givenPassphrase(
  environment: NodeJS.ProcessEnv,
  file: string | undefined,
): Promise<Secret<string> | undefined> {
  if (file !== undefined) return readPassphrase(file);
  const given = environment['IDAC_PASSPHRASE'];
  if (given !== undefined && given !== '') return new Secret(given);
  const named = environment['IDAC_PASSPHRASE_FILE'];
  return named === undefined || named === '' ? undefined : readPassphrase(named);
}

/** The first line of the file, without its line end. */
async function readPassphrase(file: string): Promise<Secret<string>> {
  const text = await readFile(file, 'utf8');
  const passphrase = text.split(/\r?\n/, 1)[0] ?? '';
  if (passphrase === '' || passphrase.length > LONGEST) {
    throw new UsageError(
      `${file} holds no passphrase in its first line`,
      'Write the passphrase into its first line.',
    );
  }
  return new Secret(passphrase);
}
