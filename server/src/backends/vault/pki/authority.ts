import { decodeRevocationList } from '../../../core/credential/revocationList.ts';
import { CERTIFICATE_USAGES } from '../../../core/credential/subjectNames.ts';
import type { RevocationReason } from '../../../core/lifecycle/event.ts';
import type { CertificateAuthority, LedgerEntry } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { acting, looking } from '../../guard.ts';
import { checkReason, OFFERED_REASONS } from '../../revocationReasons.ts';
import { normalSerialNumber } from '../../serialNumber.ts';
import { garbage } from '../client.ts';
import { mapLimited } from '../limited.ts';
import { apiPath } from '../paths.ts';
import { certificatesIn, colonSerial, isRoot } from './certificates.ts';
import { answered, chainOf, type IssuedLine, issueCertificate, type PkiParts } from './issuance.ts';
import type { PkiRole } from './role.ts';
import { issueWithKey } from './serviceKey.ts';

interface Revoked {
  readonly at: string;
  readonly reason: RevocationReason;
}

/** The pki engine. `role` is as it was when the backend was opened; each issue reads it again. */
export function pkiAuthority(
  parts: PkiParts,
  role: Pick<PkiRole, 'keyAlgorithms' | 'serviceKeyAlgorithms' | 'usages' | 'maximumTtl'>,
): CertificateAuthority {
  const { context, vault, place, ledger } = parts;
  const { mount } = place;

  /** What the server itself says; undefined: it knows no such certificate. */
  async function standing(
    serialNumber: string,
    signal: AbortSignal,
  ): Promise<{ readonly revokedAt: string | undefined } | undefined> {
    const path = apiPath(mount, 'cert', colonSerial(serialNumber));
    const answer = await vault.read(path, signal);
    if (answer === undefined) return undefined;
    const { revocation_time: at } = answer.data;
    if (typeof at !== 'number') throw garbage(context.name, path);
    return { revokedAt: at === 0 ? undefined : revocationInstant(at) };
  }

  async function revocationOf(serialNumber: string, signal: AbortSignal): Promise<Revoked | undefined> {
    const at = (await standing(serialNumber, signal))?.revokedAt;
    return at === undefined ? undefined : withReason(serialNumber, at, signal);
  }

  async function withReason(serialNumber: string, at: string, signal: AbortSignal): Promise<Revoked> {
    return { at, reason: (await ledger.reason(serialNumber, signal)) ?? 'unspecified' };
  }

  async function entryOf(line: IssuedLine, signal: AbortSignal): Promise<LedgerEntry> {
    const { note, answer } = line;
    const revoked = await revocationOf(answer.serialNumber, signal);
    return {
      requestId: note.requestId,
      ...chainOf(line),
      serialNumber: answer.serialNumber,
      identity: note.identity,
      ...(note.machine === undefined ? {} : { machine: note.machine }),
      issuedAt: answer.issuedAt,
      notAfter: answer.notAfter,
      ...(revoked === undefined ? {} : { revoked }),
    };
  }

  const notIssued = (serialNumber: string): BackendError =>
    new BackendError({
      kind: 'not-found',
      what: `${context.name} knows no certificate with the serial number ${serialNumber.slice(0, 80)}`,
      hint: 'check the serial number, and that spec.pki.mount is the one that issued it',
    });

  return {
    keyAlgorithms: role.keyAlgorithms,
    usages: CERTIFICATE_USAGES.filter((usage) => role.usages.includes(usage)),
    revocationReasons: OFFERED_REASONS,
    maximumDurationSeconds: role.maximumTtl,
    issue: acting('issue the certificate', async (request, signal) => {
      const line = await issueCertificate(request, parts, signal);
      return { state: 'issued', made: { requestId: request.requestId, ...chainOf(line) } };
    }),
    ...(role.serviceKeyAlgorithms.length > 0 && {
      serviceKeys: {
        keyAlgorithms: role.serviceKeyAlgorithms,
        issueWithKey: acting('issue the certificate with its key', async (request, signal) => ({
          state: 'issued',
          made: await issueWithKey(request, parts, signal),
        })),
      },
    }),
    find: looking('look up the certificate', async (query, signal) => {
      signal.throwIfAborted();
      const serialNumber = 'serialNumber' in query ? normalSerialNumber(query.serialNumber) : undefined;
      const found =
        'requestId' in query
          ? await ledger.byRequest(query.requestId, signal)
          : 'spkiSha256' in query
            ? (await ledger.byKey(query.spkiSha256.toLowerCase(), signal)).at(-1)
            : serialNumber === undefined
              ? undefined
              : await ledger.bySerialNumber(serialNumber, signal);
      const line = found === undefined ? undefined : await answered(found, parts, signal);
      // The mark of one that was ended and made anew leads to its successor.
      if (line === undefined || (serialNumber ?? line.answer.serialNumber) !== line.answer.serialNumber)
        return undefined;
      return entryOf(line, signal);
    }),
    issuedFor: looking('list the certificates', async (identity, signal) => {
      const lines = await mapLimited(await ledger.byIdentity(identity, signal), (line) =>
        answered(line, parts, signal),
      );
      const issued = lines.filter((line) => line !== undefined);
      return mapLimited(issued, (line) => entryOf(line, signal));
    }),
    revoke: acting('revoke the certificate', async (given, reason, signal) => {
      checkReason(reason);
      const serialNumber = normalSerialNumber(given);
      const before = serialNumber === undefined ? undefined : await standing(serialNumber, signal);
      if (serialNumber === undefined || before === undefined) throw notIssued(given);
      if (before.revokedAt !== undefined) return withReason(serialNumber, before.revokedAt, signal);
      // First: the server keeps no reason, and what it has revoked it cannot be asked about again.
      await ledger.noteReason(serialNumber, reason, signal);
      const path = apiPath(mount, 'revoke');
      const answer = await vault.write(path, { serial_number: colonSerial(serialNumber) }, signal, {
        repeatable: true,
      });
      const at = answer?.data['revocation_time'];
      if (typeof at !== 'number' || at === 0) throw garbage(context.name, path, true);
      return withReason(serialNumber, revocationInstant(at), signal);
    }),
    status: looking('tell the status', async (given, signal) => {
      const serialNumber = normalSerialNumber(given);
      const now = serialNumber === undefined ? undefined : await standing(serialNumber, signal);
      if (serialNumber === undefined || now === undefined)
        return { status: 'unknown', why: `${context.name} knows no certificate with that serial number` };
      return now.revokedAt === undefined
        ? { status: 'good' }
        : { status: 'revoked', ...(await withReason(serialNumber, now.revokedAt, signal)) };
    }),
    roots: looking('give the roots', async (signal) => {
      const issuers = await vault.list(apiPath(mount, 'issuers'), signal);
      const all = await mapLimited(issuers, async (issuer) => {
        const answer = await vault.read(apiPath(mount, 'issuer', issuer), signal);
        const chain = answer?.data['ca_chain'];
        return Array.isArray(chain) ? chain.flatMap(certificatesIn) : [];
      });
      const roots = new Map(
        all
          .flat()
          .filter(isRoot)
          .map((der) => [Buffer.from(der).toString('base64'), der]),
      );
      return [...roots.values()];
    }),
    crl: acting('fetch the CRL', async (signal) => {
      const path = apiPath(mount, 'crl');
      const list = await vault.raw(path, undefined, signal);
      const { nextUpdate } = decodeRevocationList(list, 0).value ?? {};
      if (nextUpdate === undefined) throw garbage(context.name, path);
      if (Date.parse(nextUpdate) > context.clock.now().getTime()) return list;
      // The server makes a new one when something is revoked; where nothing is for long, the last one runs out.
      await vault.read(apiPath(mount, 'crl/rotate'), signal);
      return vault.raw(path, undefined, signal);
    }),
    ocsp: looking('ask the OCSP responder', (request, signal) =>
      vault.raw(apiPath(mount, 'ocsp'), { type: 'application/ocsp-request', bytes: request }, signal),
    ),
  };
}

/** Whole seconds, as the CRL has it. */
function revocationInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
