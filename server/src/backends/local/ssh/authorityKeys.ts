import { decodeBase64, encodeBase64 } from '../../../core/credential/base64.ts';
import { encodeSshKey } from '../../../core/credential/ssh/encodePublicKey.ts';
import type { Signer } from '../../../core/ports.ts';
import type { BackendContext, SshCertificateType } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { isRecord, readJson, writeJson } from '../../jsonFile.ts';
import type { SshSettings } from '../configuration.ts';
import { sealedKeyFor, sealedSigner } from '../sealedKeys.ts';

/**
 * One key for users' certificates and one for hosts', so that neither can pass for the other where only one is trusted.
 * The private halves are sealed; the public ones are state, so that looking needs no unlocking.
 */
export interface SshAuthorityKeys {
  /** Public key in wire format of what exists; makes nothing. */
  find(type: SshCertificateType): Promise<Uint8Array | undefined>;
  /** The same, made when there is none. */
  get(type: SshCertificateType, signal: AbortSignal): Promise<Uint8Array>;
  signerOf(type: SshCertificateType): Promise<Signer>;
}

export function openSshAuthorityKeys(context: BackendContext, settings: SshSettings): SshAuthorityKeys {
  const { state } = context;
  const sealed = context.sealed.scope('ssh');
  const spkiOf = (type: SshCertificateType): Promise<Uint8Array | undefined> =>
    readJson(state, fileOf(type), parseAuthority);
  const find = async (type: SshCertificateType): Promise<Uint8Array | undefined> => {
    const spki = await spkiOf(type);
    return spki && wireOf(spki, type);
  };

  /** Under the lock. The key is sealed first, and one that is there is used: a killed run is completed by the next. */
  async function make(type: SshCertificateType, signal: AbortSignal): Promise<Uint8Array> {
    const existing = await find(type);
    if (existing !== undefined) return existing;
    const { spki } = await sealedKeyFor(sealed, type, settings.keyAlgorithm, signal);
    await writeJson(state, fileOf(type), { schemaVersion: 1, spki: encodeBase64(spki) });
    return wireOf(spki, type);
  }

  return {
    find,
    get: async (type, signal) =>
      (await find(type)) ?? state.locked('ssh-authority', () => make(type, signal), signal),
    signerOf: async (type) => sealedSigner(sealed, type, await spkiOf(type)),
  };
}

function fileOf(type: SshCertificateType): string {
  return `ssh/authority/${type}.json`;
}

function parseAuthority(value: unknown): Uint8Array | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1 || typeof value['spki'] !== 'string') return undefined;
  const spki = decodeBase64(value['spki']);
  return spki.ok ? spki.bytes : undefined;
}

function wireOf(spki: Uint8Array, type: SshCertificateType): Uint8Array {
  const wire = encodeSshKey(spki);
  if (wire !== undefined) return wire;
  throw new BackendError({
    kind: 'corrupt',
    what: `the state file ${fileOf(type)} of this backend holds no key that OpenSSH has`,
    hint: 'restore it from a backup of the state folder (`idac doctor` names the folder)',
  });
}
