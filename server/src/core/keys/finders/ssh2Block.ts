import { readSsh2PublicKeys } from '../../credential/ssh/ssh2PublicKey.ts';
import type { KeyFinder } from '../keyFinder.ts';
import { keyOfSsh } from '../keyOfSsh.ts';
import type { ReadKey } from '../keySighting.ts';
import { calledAs } from '../keysOfDer.ts';
import { publicComment } from '../publicText.ts';

const END = '---- END SSH2 PUBLIC KEY ----';

/** RFC 4716. */
export const ssh2Block: KeyFinder = {
  keywords: ['---- begin ssh2 public key ----'],
  reach: 'block',
  find({ text, at, tools }) {
    const close = text.indexOf(END, at);
    if (close === -1) return undefined;
    const end = close + END.length;
    const keys: ReadKey[] = [];
    for (const { blob, comment, problem } of readSsh2PublicKeys(text.slice(at, end))) {
      const key = problem === undefined ? keyOfSsh(blob, tools.hasher) : undefined;
      const publicly = publicComment(comment);
      if (key === undefined) continue;
      const { said, spki } = calledAs('a public key (SSH2)', key);
      keys.push({ said: publicly === undefined ? said : { ...said, comment: publicly }, spki });
    }
    return { start: at, end, keys };
  },
};
