import type { SealStatus, Unlock } from '../app/api.ts';
import { readPassphraseFile, unlockFromEnvironment } from '../app/unlock.ts';
import type { Surroundings } from './command.ts';
import { line, paragraph, span } from './output/text.ts';
import { askHidden } from './prompt.ts';

/** What the person or the pipeline gave: the option's file, else `IDAC_PASSPHRASE` or `IDAC_PASSPHRASE_FILE`. */
export async function givenUnlock(environment: NodeJS.ProcessEnv, file: string | undefined): Promise<Unlock> {
  return file === undefined
    ? unlockFromEnvironment(environment)
    : { how: 'passphrase', passphrase: await readPassphraseFile(file) };
}

/** As `givenUnlock`, and asks at a terminal when nothing was given and the store opens with a passphrase. */
export async function unlockFor(
  { terminal, environment, signal }: Surroundings,
  file: string | undefined,
  seal: SealStatus,
): Promise<Unlock> {
  const given = await givenUnlock(environment, file);
  if (isReadable(seal, given)) {
    terminal.err(
      paragraph(
        line(span('note', 'warning'), '  '),
        'Private keys are not encrypted at rest. `idac login` sets a passphrase; a pipeline gives it in IDAC_PASSPHRASE or IDAC_PASSPHRASE_FILE.',
        terminal.columns,
      ),
    );
  }
  if (given.how !== 'none' || !terminal.interactive || !opensWithPassphrase(seal)) return given;
  const passphrase = await askHidden('Passphrase of the key store:', signal);
  signal.throwIfAborted();
  return passphrase === undefined ? given : { how: 'passphrase', passphrase };
}

function opensWithPassphrase(seal: SealStatus): boolean {
  return seal.slots.some((slot) => slot.how === 'passphrase');
}

/** A store that is there and not encrypted, or one that would be made so. */
function isReadable(seal: SealStatus, given: Unlock): boolean {
  return seal.slots.length === 0 ? given.how === 'none' : !seal.encrypted;
}
