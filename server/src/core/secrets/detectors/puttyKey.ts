import { decodePutty } from '../../credential/putty.ts';
import { decodeSshKey } from '../../credential/ssh/publicKey.ts';
import type { Detection, Detector } from '../detector.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from '../privateKeyRules.ts';

const MAC_LINE = /^[ \t]*Private-(?:MAC|Hash): [0-9a-fA-F]{8,}/m;

export const detector: Detector = {
  rules: [PRIVATE_KEY, ENCRYPTED_PRIVATE_KEY],
  keywords: ['putty-user-key-file-'],
  reach: 'block',
  *find({ text, at, tools }): Generator<Detection> {
    const rest = text.slice(at);
    const last = MAC_LINE.exec(rest);
    if (last === null) return;
    const end = last.index + last[0].length;
    const key = decodePutty(
      rest
        .slice(0, end)
        .split('\n')
        .map((line) => line.trim())
        .join('\n'),
    );
    if (key === undefined || key.problems.length > 0) return;
    const { value } = decodeSshKey(key.publicBlob, tools.hasher);
    if (value === undefined) return;
    const { encryption } = key;
    yield {
      ...(encryption === undefined
        ? { rule: PRIVATE_KEY, what: 'a private key (PuTTY)' }
        : { rule: ENCRYPTED_PRIVATE_KEY, what: `an encrypted private key (PuTTY, ${encryption})` }),
      start: at,
      end: at + end,
      spki: value.publicKey.spki,
    };
  },
};
