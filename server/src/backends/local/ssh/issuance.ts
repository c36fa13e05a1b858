import { toHex } from '../../../core/credential/octets.ts';
import { buildSshCertificate } from '../../../core/credential/ssh/buildCertificate.ts';
import { encodeSshKey } from '../../../core/credential/ssh/encodePublicKey.ts';
import type {
  BackendContext,
  IssuanceRequest,
  SshCertificateRequest,
  SshKeyRequest,
} from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { checkCertificateRequest, checkKey } from '../../sshRequestCheck.ts';
import { keySerialNumber, newSshSerialNumber } from '../../sshSerialNumber.ts';
import { secondsAfter, startOf } from '../authority/validity.ts';
import type { SshSettings } from '../configuration.ts';
import type { RevocationMarks } from '../revocationMarks.ts';
import type { SshAuthorityKeys } from './authorityKeys.ts';
import type { SshLedger, SshLedgerRecord } from './ledger.ts';

export interface SshParts {
  readonly context: BackendContext;
  readonly settings: SshSettings;
  readonly keys: SshAuthorityKeys;
  readonly ledger: SshLedger;
  readonly revocations: RevocationMarks;
}

/** A key as it is asked for, and the digests by which it is found again. */
interface RequestedKey {
  readonly spki: Uint8Array;
  readonly spkiSha256: string;
  /** Wire format. */
  readonly blob: Uint8Array;
  readonly serialNumber: string;
}

/**
 * Signs a certificate and enters it into the ledger before it answers. A request id that was answered before gets the
 * same one again; with another key or other names it is a conflict.
 */
export async function issueSshCertificate(
  request: SshCertificateRequest,
  parts: SshParts,
  signal: AbortSignal,
): Promise<SshLedgerRecord> {
  const { context, settings, keys } = parts;
  checkCertificateRequest(request);
  const key = keyOf(request.spki, parts);
  const { certificateType, keyId, principals, criticalOptions, extensions, durationSeconds } = request;
  const wanted = [
    'certificate',
    certificateType,
    keyId,
    principals,
    Object.entries(criticalOptions).sort(([a], [b]) => (a < b ? -1 : 1)),
    [...extensions].sort(),
    durationSeconds,
  ];
  return enter(request, wanted, key, parts, signal, async () => {
    const validAfter = startOf(context.clock.now(), durationSeconds, {
      maximumSeconds: settings.maximumDurationSeconds,
      field: 'ssh.maximumDuration',
    });
    const validBefore = secondsAfter(validAfter, durationSeconds);
    const authority = await keys.get(certificateType, signal);
    const serialNumber = newSshSerialNumber(context.random);
    const blob = await buildSshCertificate(
      {
        spki: key.spki,
        nonce: context.random.bytes(32),
        serialNumber: serialNumber.value,
        type: certificateType,
        keyId,
        principals,
        validAfter,
        validBefore,
        criticalOptions,
        extensions,
        signer: await keys.signerOf(certificateType),
      },
      signal,
    );
    if (blob === undefined) throw noSshKey();
    return { serialNumber: serialNumber.text, notAfter: validBefore, blob, authority };
  });
}

/** Enters a plain key, so that the revocation list can name it later. No two identities have one key. */
export async function enrolSshKey(
  request: SshKeyRequest,
  parts: SshParts,
  signal: AbortSignal,
): Promise<SshLedgerRecord> {
  const { context, ledger } = parts;
  const key = keyOf(request.spki, parts);
  const { durationSeconds } = request;
  if (!Number.isSafeInteger(durationSeconds) || durationSeconds < 1)
    throw new BackendError({
      kind: 'invalid-request',
      what: `a key cannot be in use for ${durationSeconds} seconds`,
      hint: 'declare a longer spec.duration',
    });
  return enter(request, ['key', durationSeconds], key, parts, signal, async () => {
    const { apiVersion, kind, namespace, name } = request.identity;
    const holder = (await ledger.bySerialNumber(key.serialNumber))
      .map(({ identity }) => identity)
      .find(
        (other) =>
          other.kind !== kind ||
          other.name !== name ||
          other.namespace !== namespace ||
          other.apiVersion !== apiVersion,
      );
    if (holder !== undefined)
      throw new BackendError({
        kind: 'conflict',
        what: `this key is enrolled for ${holder.kind} ${holder.namespace}/${holder.name} already`,
        hint: 'make a key for each identity: the revocation of one would end the other as well',
      });
    const notAfter = secondsAfter(context.clock.now(), durationSeconds);
    return { serialNumber: key.serialNumber, notAfter, blob: key.blob };
  });
}

/** Answers a request that was answered before, else makes and enters; one at a time across processes. */
async function enter(
  request: IssuanceRequest,
  wanted: readonly unknown[],
  key: RequestedKey,
  { context, ledger, revocations }: SshParts,
  signal: AbortSignal,
  make: () => Promise<
    Pick<SshLedgerRecord, 'serialNumber' | 'blob' | 'authority'> & { readonly notAfter: Date }
  >,
): Promise<SshLedgerRecord> {
  const { requestId, identity, machine } = request;
  if (requestId === '')
    throw new BackendError({
      kind: 'invalid-request',
      what: 'the request has no id',
      hint: 'this is a defect: please report it',
    });
  const who = [identity.apiVersion, identity.kind, identity.namespace, identity.name, machine ?? null];
  const text = JSON.stringify([who, ...wanted]);
  const requestDigest = toHex(context.hasher.hash('sha256', new TextEncoder().encode(text)));
  return context.state.locked(
    'ssh-ledger',
    async () => {
      const before = await ledger.byRequest(requestId);
      if (before !== undefined) {
        if (before.spkiSha256 !== key.spkiSha256) throw answeredOtherwise(requestId, 'another key');
        if (before.requestDigest !== requestDigest)
          throw answeredOtherwise(requestId, 'other names or another validity');
        return before;
      }
      const revoked = await revocations.of(key.serialNumber);
      if (revoked !== undefined) throw keyRevoked(revoked.at);
      const { notAfter, ...made } = await make();
      const record: SshLedgerRecord = {
        ...made,
        requestId,
        requestDigest,
        spkiSha256: key.spkiSha256,
        identity,
        ...(machine === undefined ? {} : { machine }),
        issuedAt: context.clock.now().toISOString(),
        notAfter: notAfter.toISOString(),
      };
      await ledger.add(record);
      return record;
    },
    signal,
  );
}

function keyOf(given: Uint8Array, { context }: SshParts): RequestedKey {
  const { hasher } = context;
  const spki = checkKey(given);
  const blob = encodeSshKey(spki);
  if (blob === undefined) throw noSshKey();
  return {
    spki,
    spkiSha256: toHex(hasher.hash('sha256', spki)),
    blob,
    serialNumber: keySerialNumber(hasher.hash('sha256', blob)),
  };
}

function answeredOtherwise(requestId: string, other: string): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `the request ${requestId} was answered before, for ${other}`,
    hint: 'undo the action (`idac resume --undo`) and plan it again',
  });
}

function keyRevoked(at: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `this key was revoked on ${at.slice(0, 10)}, so every server refuses it and what is certified over it`,
    hint: 'rotate: a new key is made',
  });
}

function noSshKey(): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: 'the key is of an algorithm that OpenSSH does not have',
    hint: 'declare Ed25519, ECDSA on P-256, P-384 or P-521, or RSA',
  });
}
