import type { KeyAlgorithm } from '../../../core/credential/keyAlgorithm.ts';
import { sameOctets, toHex } from '../../../core/credential/octets.ts';
import type { Signer } from '../../../core/ports.ts';
import type { BackendContext } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { isRecord, readJson, writeJson } from '../../jsonFile.ts';
import { sealedKeyFor, sealedSigner } from '../sealedKeys.ts';

/** The root, or an issuing CA by its number. */
export type AuthorityName = 'root' | number;

/** The keys of the CAs: sealed here, or kept where `spec.authority.keyStore` said when the CA was made. */
export interface AuthorityKeys {
  /** The key of that CA; made first when there is none. */
  keyFor(name: AuthorityName, algorithm: KeyAlgorithm, signal: AbortSignal): Promise<Signer>;
  /** Throws `corrupt` when there is no such key, or when it is not the one of that SPKI. */
  signer(name: AuthorityName, spki: Uint8Array, signal: AbortSignal): Promise<Signer>;
  /** The backend that keeps the key of that CA; undefined: it is sealed here. */
  storeOf(name: AuthorityName): Promise<string | undefined>;
}

/** Public data: which key of which backend. */
interface Kept {
  readonly store: string;
  readonly keyId: string;
}

export function openAuthorityKeys(
  { name: backend, state, sealed, random, keyStore }: BackendContext,
  wanted: string | undefined,
): AuthorityKeys {
  const place = (name: AuthorityName) =>
    name === 'root'
      ? { keys: sealed.scope('root'), entry: 'key' }
      : { keys: sealed.scope('issuing'), entry: String(name) };
  const file = (name: AuthorityName): string => `authority/keys/${name}.json`;
  const kept = (name: AuthorityName): Promise<Kept | undefined> => readJson(state, file(name), parseKept);

  /** Keys of one authority stand together, apart from those of others that keep theirs in the same store. */
  async function shelf(): Promise<string> {
    const root = await kept('root');
    return root?.keyId.replace(/\/root$/, '') ?? `authority/${backend}-${toHex(random.bytes(6))}`;
  }

  async function signerIn({ store, keyId }: Kept, spki: Uint8Array, signal: AbortSignal): Promise<Signer> {
    const signer = await (await keyStore(store, signal)).signer(keyId, signal);
    if (sameOctets(signer.spki, spki)) return signer;
    throw new BackendError({
      kind: 'corrupt',
      what: `the key ${keyId} in ${store} is not the one that this CA was made with`,
      hint: 'look at who changed the keys there; restore that key store from its own backup',
    });
  }

  return {
    async keyFor(name, algorithm, signal) {
      const { keys, entry } = place(name);
      let found = await kept(name);
      if (found === undefined) {
        if (wanted === undefined || (await keys.get(entry)) !== undefined)
          return sealedKeyFor(keys, entry, algorithm, signal);
        // Noted before the key is made.
        found = {
          store: wanted,
          keyId: `${await shelf()}/${name === 'root' ? name : `issuing-${name}`}`,
        };
        await writeJson(state, file(name), found);
      }
      const store = await keyStore(found.store, signal);
      const { spki } = await store.generate(found.keyId, algorithm, signal);
      return signerIn(found, spki, signal);
    },
    async signer(name, spki, signal) {
      const found = await kept(name);
      const { keys, entry } = place(name);
      return found === undefined ? sealedSigner(keys, entry, spki) : signerIn(found, spki, signal);
    },
    storeOf: async (name) => (await kept(name))?.store,
  };
}

function parseKept(value: unknown): Kept | undefined {
  if (!isRecord(value)) return undefined;
  const { store, keyId } = value;
  return typeof store === 'string' && typeof keyId === 'string' ? { store, keyId } : undefined;
}
