import type { Unlock } from '../../app/api.ts';
import { Secret } from '../../core/secret.ts';
import { type Arguments, invalid, readArguments, text } from '../commands/arguments.ts';
import { type UnlockAnswer, UnlockRequest } from '../protocol.ts';
import type { Sealing } from '../sealing.ts';
import { type Feature, onRequest } from '../table.ts';

/** Opens the user's sealed store with what the editor keeps or a person typed; it arrives sealed to this session. */
export const unlock: Feature = {
  rows: [
    onRequest(
      UnlockRequest,
      async (params, { session, signal }): Promise<UnlockAnswer> => {
        const offered = readOffer(session.sealing, readArguments(params));
        if (!session.trusted()) {
          return refused(
            'This folder is not trusted, so nothing is unlocked for it.',
            'Trust the workspace first.',
          );
        }
        if (offered === undefined) {
          return refused(
            'What was sent is not sealed to this session.',
            'Read the key of the newest initialize answer, and send it again.',
          );
        }
        return session.unlock(offered, signal);
      },
      // A passphrase is slow to try, on purpose.
      { patient: true, acts: true },
    ),
  ],
};

function readOffer(sealing: Sealing, args: Arguments): Unlock | undefined {
  const kind = text(args, 'kind');
  const message = {
    clientPublicKey: text(args, 'clientPublicKey'),
    iv: text(args, 'iv'),
    sealed: text(args, 'sealed'),
  };
  switch (kind) {
    case 'key': {
      const keyName = text(args, 'keyName');
      const key = sealing.open(message, `key\n${keyName}`);
      return key === undefined ? undefined : { how: 'key', key, keyName };
    }
    case 'passphrase': {
      const clear = sealing.open(message, 'passphrase\n');
      const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
      return clear === undefined
        ? undefined
        : { how: 'passphrase', passphrase: new Secret(decode(clear.reveal())) };
    }
    default:
      throw invalid('"kind" is key or passphrase');
  }
}

function refused(what: string, hint: string): UnlockAnswer {
  return { ok: false, encrypted: true, needs: 'nothing', slots: [], what, hint };
}
