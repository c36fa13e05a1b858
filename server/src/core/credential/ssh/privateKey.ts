/** OpenSSH's own private key file (its PROTOCOL.key): the public half stands in front, in clear. */
import type { Hasher } from '../../ports.ts';
import { DerError } from '../der.ts';
import { attempt, type Decoded, type Problem } from '../problem.ts';
import { type DecodedSshKey, decodeSshKey } from './publicKey.ts';
import { sshReader } from './wire.ts';

export interface DecodedSshPrivateKey {
  readonly publicKey: DecodedSshKey | undefined;
  /** Undefined: not encrypted. */
  readonly encryption: string | undefined;
}

const MAGIC = 'openssh-key-v1\0';

export function decodeSshPrivateKey(
  bytes: Uint8Array,
  hasher: Hasher,
): Decoded<DecodedSshPrivateKey | undefined> {
  const problems: Problem[] = [];
  const value = attempt(problems, 'the OpenSSH private key', () => {
    if (![...MAGIC].every((sign, index) => bytes[index] === sign.charCodeAt(0))) {
      throw new DerError('it does not begin as an OpenSSH private key does', 0);
    }
    const reader = sshReader(bytes.subarray(MAGIC.length));
    const cipher = reader.text('the cipher');
    const derivation = reader.text('the key derivation');
    reader.string('the options of the key derivation');
    const count = reader.uint32('the number of keys');
    if (count !== 1) throw new DerError(`it holds ${count} keys in place of one`, 0);
    const key = decodeSshKey(reader.string('the public key'), hasher);
    problems.push(...key.problems);
    if (reader.string('the private part').length === 0) throw new DerError('the private part is empty', 0);
    return { publicKey: key.value, encryption: cipher === 'none' ? undefined : `${cipher}, ${derivation}` };
  });
  return { value, problems };
}
