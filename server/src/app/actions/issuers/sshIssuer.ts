import type { Backend, SshLedgerEntry } from '../../../backends/contract.ts';
import { BackendError } from '../../../backends/errors.ts';
import { toHex } from '../../../core/credential/octets.ts';
import { sshKeyLine } from '../../../core/credential/ssh/encodePublicKey.ts';
import { decodeSshKey } from '../../../core/credential/ssh/publicKey.ts';
import { formatIdentity } from '../../../core/identity/identityId.ts';
import { type CredentialFacts, NO_END } from '../../../core/lifecycle/event.ts';
import type { Hasher } from '../../../core/ports.ts';
import type { Services } from '../services.ts';
import { spkiFor } from '../steps/keyInHand.ts';
import {
  bearerName,
  type CredentialIssuer,
  driven,
  type MadeCredential,
  offered,
  requestBase,
} from './issuer.ts';
import { lifetimeOf, requestOf } from './taskRequest.ts';

/** SSH certificates, signed by an SSH authority. */
export function sshCertificateIssuer(backend: Backend, { hasher }: Services): CredentialIssuer | undefined {
  const { ssh, name } = backend;
  if (ssh === undefined) return undefined;
  return {
    ...driven(ssh, (entry) => lineOf(entry, name, hasher)),
    facts: offered(ssh, {
      kinds: ['SshCertificate'],
      keyAlgorithms: ssh.keyAlgorithms,
      usages: ssh.certificateTypes,
    }),
    async make(task, context, signal) {
      const { certificateType, principals, criticalOptions, extensions } = requestOf(task, 'SshCertificate');
      const spki = await spkiFor(task, context, signal);
      const base = requestBase(task, context);
      const outcome = await ssh.issue(
        {
          ...base,
          spki,
          certificateType,
          keyId: bearerName(base),
          principals,
          criticalOptions,
          extensions,
          durationSeconds: lifetimeOf(task),
        },
        signal,
      );
      return outcome.state === 'pending'
        ? outcome
        : { state: 'issued', made: madeOf(outcome.made, name, hasher) };
    },
    async made(task, signal) {
      const entry = await ssh.find({ requestId: task.requestId }, signal);
      return entry === undefined ? undefined : madeOf(entry, name, hasher);
    },
  };
}

/** Plain SSH keys: an authority that knows them can name them in its revocation list. */
export function sshKeyIssuer(backend: Backend, { hasher }: Services): CredentialIssuer | undefined {
  const { ssh, name } = backend;
  if (ssh === undefined) return undefined;
  const { enrol } = ssh;
  return {
    ...driven(ssh, (entry) => lineOf(entry, name, hasher)),
    facts: {
      ...offered(ssh, {
        kinds: enrol === undefined ? [] : ['SshKey'],
        keyAlgorithms: ssh.keyAlgorithms,
        usages: [],
      }),
      // What it tells of durations is about certificates.
      maximumDurationSeconds: Number.MAX_SAFE_INTEGER,
      defaultDurationSeconds: null,
    },
    async make(task, context, signal) {
      if (enrol === undefined) throw noEnrolment(name);
      const spki = await spkiFor(task, context, signal);
      const request = { ...requestBase(task, context), spki, durationSeconds: lifetimeOf(task) };
      return { state: 'issued', made: madeOf(await enrol(request, signal), name, hasher) };
    },
    async made(task, signal) {
      const entry = await ssh.find({ requestId: task.requestId }, signal);
      return entry === undefined ? undefined : madeOf(entry, name, hasher);
    },
  };
}

function madeOf(entry: SshLedgerEntry, backend: string, hasher: Hasher): MadeCredential {
  const facts = factsOf(entry, backend, hasher);
  if (facts === undefined) throw unreadable(entry, backend);
  const comment = entry.identity === undefined ? '' : formatIdentity(entry.identity);
  return {
    facts,
    publicText: `${sshKeyLine(entry.blob, comment)}\n`,
    anchorText: entry.authority === undefined ? null : `${sshKeyLine(entry.authority, backend)}\n`,
    secret: null,
  };
}

function lineOf(entry: SshLedgerEntry, backend: string, hasher: Hasher) {
  const key = decodeSshKey(entry.blob, hasher).value;
  const companions = [entry.authority, key?.certificate && key.plain].filter((blob) => blob !== undefined);
  return {
    facts: factsOf(entry, backend, hasher),
    companions: companions.map((blob) => toHex(hasher.hash('sha256', blob))),
  };
}

function factsOf(entry: SshLedgerEntry, backend: string, hasher: Hasher): CredentialFacts | undefined {
  const key = decodeSshKey(entry.blob, hasher).value;
  if (key === undefined) return undefined;
  const { certificate, publicKey } = key;
  return {
    serialNumber: entry.serialNumber,
    subject: certificate?.keyId ?? (entry.identity === undefined ? '' : formatIdentity(entry.identity)),
    issuer: certificate?.signedBy ?? backend,
    notBefore: certificate?.validAfter ?? entry.issuedAt,
    notAfter: certificate === undefined ? entry.notAfter : (certificate.validBefore ?? NO_END),
    keyAlgorithm: publicKey.algorithm,
    spkiSha256: toHex(hasher.hash('sha256', publicKey.spki)),
    fingerprintSha256: toHex(hasher.hash('sha256', entry.blob)),
  };
}

function unreadable({ requestId }: SshLedgerEntry, backend: string): BackendError {
  return new BackendError({
    kind: 'internal',
    what: `${backend} answered request ${requestId} with something that is no SSH key or certificate.`,
    hint: 'Look at the authority for that request, then undo with `idac resume --undo`.',
    mayHaveActed: true,
  });
}

function noEnrolment(backend: string): BackendError {
  return new BackendError({
    kind: 'unsupported',
    what: `Backend ${backend} keeps no list of plain SSH keys.`,
    hint: 'Name another backend in spec.issuer, or declare an SshCertificate.',
  });
}
