import type { Backend, StoredKey } from '../../../backends/contract.ts';
import { BackendError } from '../../../backends/errors.ts';
import { toHex } from '../../../core/credential/octets.ts';
import { encodePem } from '../../../core/credential/pem.ts';
import { keyFolder, keyParts, requestIdOf } from '../../../core/lifecycle/attestation.ts';
import { NO_END } from '../../../core/lifecycle/event.ts';
import type { TaskOf } from '../../../core/lifecycle/task.ts';
import type { Services } from '../services.ts';
import { noKeyStore } from '../steps/keyInHand.ts';
import type { CredentialIssuer, IssuedLine, MadeCredential } from './issuer.ts';
import { lifetimeOf } from './taskRequest.ts';

/**
 * Keys that are credentials themselves. Their store is their issuer: the step before made the key there under an id that
 * says whose it is, and what is left to do is to take it into use.
 */
export function keyIssuer({ keys, name }: Backend, { hasher }: Services): CredentialIssuer | undefined {
  if (keys === undefined) return undefined;
  const { disable } = keys;
  const factsOf = ({ keyId, spki, createdAt, algorithm }: StoredKey) => {
    const spkiSha256 = toHex(hasher.hash('sha256', spki));
    return {
      serialNumber: keyId,
      subject: keyId,
      issuer: name,
      notBefore: createdAt,
      keyAlgorithm: algorithm,
      spkiSha256,
      fingerprintSha256: spkiSha256,
    };
  };
  const lineOf = (key: StoredKey): IssuedLine | undefined => {
    const parts = keyParts(key.keyId);
    if (parts === undefined) return undefined;
    return {
      requestId: requestIdOf(parts.identity, parts.generation),
      serialNumber: key.keyId,
      identity: parts.identity,
      ...(parts.machine === null ? {} : { machine: parts.machine }),
      issuedAt: key.createdAt,
      // How long it is to be used is declared, and known to no store.
      notAfter: NO_END,
      ...(key.disabled === undefined ? {} : { revoked: key.disabled }),
      facts: factsOf(key),
      companions: [],
    };
  };
  const madeOf = (key: StoredKey, task: TaskOf<'issue'>): MadeCredential => ({
    facts: {
      ...factsOf(key),
      notAfter: new Date(Date.parse(key.createdAt) + lifetimeOf(task) * 1000).toISOString(),
    },
    publicText: encodePem('PUBLIC KEY', key.spki),
    anchorText: null,
    secret: null,
  });
  const keyOf = async (task: TaskOf<'issue'>, signal: AbortSignal): Promise<StoredKey | undefined> =>
    task.key?.keyId === undefined ? undefined : keys.find(task.key.keyId, signal);
  return {
    facts: {
      kinds: ['Key'],
      keyAlgorithms: keys.keyAlgorithms,
      serviceKeyAlgorithms: [],
      usages: keys.usages,
      revocationReasons: keys.revocationReasons,
      maximumDurationSeconds: Number.MAX_SAFE_INTEGER,
      defaultDurationSeconds: null,
      publishes: false,
    },
    async make(task, _context, signal) {
      const key = await keyOf(task, signal);
      if (key === undefined) throw keyGone(name, task.key?.keyId ?? '');
      return { state: 'issued', made: madeOf(key, task) };
    },
    async made(task, signal) {
      const key = await keyOf(task, signal);
      return key === undefined ? undefined : madeOf(key, task);
    },
    async line(keyId, signal) {
      const key = await keys.find(keyId, signal);
      return key === undefined ? undefined : lineOf(key);
    },
    async lines(identity, signal) {
      const folder = keyFolder(identity);
      return (await keys.list(signal))
        .filter(({ keyId }) => keyId.startsWith(folder))
        .map(lineOf)
        .filter((line) => line !== undefined);
    },
    async revoke(keyId, reason, signal) {
      if (disable === undefined) throw noKeyStore(name);
      return disable(keyId, reason, signal);
    },
    async status(keyId, signal) {
      const key = await keys.find(keyId, signal);
      if (key === undefined) return { status: 'unknown', why: `${name} holds no key of that id` };
      return key.disabled === undefined ? { status: 'good' } : { status: 'revoked', ...key.disabled };
    },
  };
}

function keyGone(store: string, keyId: string): BackendError {
  return new BackendError({
    kind: 'not-found',
    what: `${store} does not hold the key ${keyId} that the step before made.`,
    hint: 'Undo the action with `idac resume --undo` and start again.',
  });
}
