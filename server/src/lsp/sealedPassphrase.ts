import { Secret } from '../core/secret.ts';
import { type Arguments, readArguments, text } from './commands/arguments.ts';
import type { Session } from './session.ts';

/**
 * The argument `passphrase`, which a client sealed to this session and to `purpose`. Undefined: none was given, or one of a
 * former session, as if none were: what is locked is shown locked, and can be opened again.
 */
export function openSealed(session: Session, args: Arguments, purpose: string): Secret<string> | undefined {
  if (args['passphrase'] === undefined || args['passphrase'] === null) return undefined;
  const sealed = readArguments(args['passphrase']);
  const clear = session.sealing.open(
    {
      clientPublicKey: text(sealed, 'clientPublicKey'),
      iv: text(sealed, 'iv'),
      sealed: text(sealed, 'sealed'),
    },
    purpose,
  );
  return clear === undefined ? undefined : new Secret(new TextDecoder().decode(clear.reveal()));
}
