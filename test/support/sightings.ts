import { type KeyPack, placeOf, spkiOf } from '../../server/src/core/keys/keyPack.ts';
import type { KeyPlace } from '../../server/src/core/keys/sharing/keyPlace.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';

export interface KeySighting extends KeyPlace {
  /** The SubjectPublicKeyInfo, DER in base64. */
  readonly spki: string;
}

/** Keys that a scan saw, with all that is said of them. */
export function sightingsOf(packs: Iterable<KeyPack>): readonly KeySighting[] {
  return [...packs].flatMap((pack) =>
    pack.hashes.map((_, index) => ({
      ...placeOf(pack, index, nodeHasher),
      spki: Buffer.from(spkiOf(pack, index)).toString('base64'),
    })),
  );
}
