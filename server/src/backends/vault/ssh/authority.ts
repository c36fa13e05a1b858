import { decodeBase64, encodeBase64 } from '../../../core/credential/base64.ts';
import { CLASSICAL_KEY_ALGORITHMS } from '../../../core/credential/keyAlgorithm.ts';
import { sameOctets, toHex } from '../../../core/credential/octets.ts';
import { encodeSshKey, sshKeyLine } from '../../../core/credential/ssh/encodePublicKey.ts';
import { decodeSshKey } from '../../../core/credential/ssh/publicKey.ts';
import type {
  BackendContext,
  SshAuthority,
  SshCertificateRequest,
  SshCertificateType,
  SshLedgerEntry,
} from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { acting, looking } from '../../guard.ts';
import { checkCertificateRequest, checkKey } from '../../sshRequestCheck.ts';
import { normalSshSerialNumber } from '../../sshSerialNumber.ts';
import { garbage } from '../client.ts';
import type { SshRole } from '../configuration.ts';
import type { Ledger, Line, Note } from '../ledger/ledger.ts';
import { noteRequest, oneAtATime, refuseOther, unlessRefused } from '../ledger/request.ts';
import { apiPath } from '../paths.ts';
import type { Vault } from '../session.ts';
import { readSshRole, type SshRoleFacts } from './role.ts';

export interface SshParts {
  readonly context: BackendContext;
  readonly vault: Vault;
  /** At least one; two have mounts of their own, for a mount has one key. */
  readonly roles: Readonly<Partial<Record<SshCertificateType, SshRole>>>;
  readonly ledger: Ledger;
}

/**
 * The ssh engine signs and forgets: it keeps no list, revokes nothing and makes no revocation list. What it signed is
 * known here by the ledger alone, and ends when its time is over.
 */
export function sshAuthority(parts: SshParts, maximumDurationSeconds: number): SshAuthority {
  const { context, roles, ledger } = parts;
  const types = (['user', 'host'] as const).filter((type) => roles[type] !== undefined);

  const entryOf = ({ note, answer }: Line): SshLedgerEntry | undefined => {
    const [blob, authority] = answer?.material.map(octetsOf) ?? [];
    if (answer === undefined || blob === undefined || authority === undefined) return undefined;
    return {
      requestId: note.requestId,
      serialNumber: answer.serialNumber,
      identity: note.identity,
      ...(note.machine === undefined ? {} : { machine: note.machine }),
      issuedAt: answer.issuedAt,
      notAfter: answer.notAfter,
      blob,
      authority,
    };
  };

  async function bySerialNumber(given: string, signal: AbortSignal): Promise<SshLedgerEntry | undefined> {
    const serialNumber = normalSshSerialNumber(given);
    const line = serialNumber === undefined ? undefined : await ledger.bySerialNumber(serialNumber, signal);
    return line && entryOf(line);
  }

  return {
    keyAlgorithms: CLASSICAL_KEY_ALGORITHMS,
    certificateTypes: types,
    revocationReasons: [],
    maximumDurationSeconds,
    issue: acting('issue the SSH certificate', async (request, signal) => ({
      state: 'issued',
      made: await issueOnce(request, parts, entryOf, signal),
    })),
    find: looking('look up the SSH certificate', async (query, signal) => {
      if ('serialNumber' in query) return bySerialNumber(query.serialNumber, signal);
      const line =
        'requestId' in query
          ? await ledger.byRequest(query.requestId, signal)
          : (await ledger.byKey(query.spkiSha256.toLowerCase(), signal)).at(-1);
      return line && entryOf(line);
    }),
    issuedFor: looking('list the SSH certificates', async (identity, signal) =>
      (await ledger.byIdentity(identity, signal)).flatMap((line) => entryOf(line) ?? []),
    ),
    revoke: acting('revoke the SSH certificate', async (serialNumber, _reason, signal) => {
      if ((await bySerialNumber(serialNumber, signal)) === undefined)
        throw notIssued(context.name, serialNumber);
      throw new BackendError({
        kind: 'unsupported',
        what: `${context.name} cannot revoke SSH certificates: the ssh engine has no revocation list`,
        hint: 'let it run out, or name it in a list of revoked keys on the servers (RevokedKeys in sshd_config)',
      });
    }),
    status: looking('tell the status', async (serialNumber, signal) =>
      (await bySerialNumber(serialNumber, signal)) === undefined
        ? { status: 'unknown', why: `${context.name} signed no SSH certificate of that serial number for us` }
        : { status: 'good' },
    ),
    authorities: looking('give the SSH authorities', async (type, signal) => [
      await authorityKey(parts, type, signal),
    ]),
  };
}

async function issueOnce(
  request: SshCertificateRequest,
  parts: SshParts,
  entryOf: (line: Line) => SshLedgerEntry | undefined,
  signal: AbortSignal,
): Promise<SshLedgerEntry> {
  const { context, vault, ledger } = parts;
  const { hasher } = context;
  checkCertificateRequest(request);
  const spki = checkKey(request.spki);
  const type = request.certificateType;
  const place = roleOf(parts, type);
  const role = await readSshRole(vault, type, place, signal);
  const blob = encodeSshKey(spki);
  if (blob === undefined)
    throw new BackendError({
      kind: 'invalid-request',
      what: 'the key is of an algorithm that OpenSSH does not have',
      hint: 'declare Ed25519, ECDSA on P-256, P-384 or P-521, or RSA',
    });
  const parameters = signParameters(request, blob, role, `the role ${place.role} of ${context.name}`);
  const digest = (text: string): string => toHex(hasher.hash('sha256', new TextEncoder().encode(text)));
  const { requestId, identity, machine } = request;
  const spkiSha256 = toHex(hasher.hash('sha256', spki));
  const { public_key: _key, ...asked } = parameters;
  const requestDigest = digest(JSON.stringify([identity, machine ?? null, asked]));

  return oneAtATime(
    'ssh',
    requestId,
    context,
    async () => {
      const before = await ledger.byRequest(requestId, signal);
      if (before !== undefined) {
        refuseOther(before, { requestDigest, spkiSha256 });
        const made = entryOf(before);
        if (made !== undefined) return made;
      }
      const note = await noteRequest(request, { requestDigest, spkiSha256 }, before, parts, signal);
      const path = apiPath(place.mount, 'sign', place.role);
      const answer = await unlessRefused(vault.write(path, parameters, signal), requestId, ledger, signal);
      const line = { note, answer: readSigned(answer?.data['signed_key'], note) };
      const made = entryOf(line);
      if (made === undefined) throw garbage(context.name, path, true);
      await ledger.answer(requestId, line.answer, signal.aborted ? new AbortController().signal : signal);
      return made;
    },
    signal,
  );

  function readSigned(signedKey: unknown, note: Note) {
    const text = typeof signedKey === 'string' ? (signedKey.trim().split(/\s+/)[1] ?? '') : '';
    const certificate = decodeBase64(text);
    const {
      certificate: facts,
      fields,
      publicKey,
    } = certificate.ok ? (decodeSshKey(certificate.bytes, hasher).value ?? {}) : {};
    const asWanted =
      publicKey !== undefined &&
      sameOctets(publicKey.spki, spki) &&
      facts !== undefined &&
      facts.kind === type &&
      facts.keyId === request.keyId &&
      sameSet(facts.principals, request.principals) &&
      sameSet(facts.extensions, request.extensions) &&
      sameSet(
        facts.criticalOptions,
        Object.entries(request.criticalOptions).map(([option, value]) =>
          value === '' ? option : `${option}=${value}`,
        ),
      );
    if (!certificate.ok || !asWanted || fields === undefined || facts.validBefore === undefined)
      throw garbage(context.name, `${place.mount}/sign/${place.role}`, true);
    return {
      serialNumber: facts.serialNumber,
      issuedAt: note.notedAt,
      notAfter: new Date(facts.validBefore).toISOString(),
      material: [encodeBase64(certificate.bytes), encodeBase64(fields.authority)],
    };
  }
}

/** Throws `invalid-request` for what the role would refuse, or leave out without a word. */
function signParameters(request: SshCertificateRequest, blob: Uint8Array, role: SshRoleFacts, place: string) {
  const ttl = checkAgainstSshRole(request, role, place);
  const { certificateType, principals, keyId, criticalOptions, extensions } = request;
  return {
    public_key: sshKeyLine(blob),
    cert_type: certificateType,
    valid_principals: principals.join(','),
    key_id: keyId,
    ttl: `${ttl}s`,
    critical_options: criticalOptions,
    extensions: Object.fromEntries(extensions.map((name) => [name, ''])),
  };
}

/** The same refusals, before there is a key. Gives the validity to ask for, in seconds. */
export function checkAgainstSshRole(
  request: Pick<
    SshCertificateRequest,
    'certificateType' | 'criticalOptions' | 'extensions' | 'durationSeconds'
  >,
  role: SshRoleFacts,
  place: string,
): number {
  const refuse = (what: string, hint: string): BackendError =>
    new BackendError({ kind: 'invalid-request', what: `${place} ${what}`, hint });
  const { certificateType, criticalOptions, extensions, durationSeconds } = request;
  if (!Number.isSafeInteger(durationSeconds) || durationSeconds > role.maximumTtl)
    throw refuse(
      `gives at most ${role.maximumTtl} seconds, and ${durationSeconds} are asked for`,
      'shorten spec.duration, or have the max_ttl of the role raised',
    );
  const ttl = durationSeconds - role.notBefore;
  if (ttl < 1)
    throw refuse(
      `dates certificates ${role.notBefore} seconds back, so ${durationSeconds} seconds would be over at once`,
      'lengthen spec.duration',
    );
  if (!role.takesKeyIds)
    throw refuse(
      'chooses key ids by itself, so no log would name the identity',
      'have it set to allow_user_key_ids=true',
    );
  const extension = extensions.find((name) => role.extensions?.has(name) === false);
  if (extension !== undefined)
    throw refuse(
      `does not allow the extension ${extension}`,
      'leave it out, or have it added to allowed_extensions',
    );
  const option = Object.keys(criticalOptions).find((name) => role.criticalOptions?.has(name) === false);
  if (option !== undefined)
    throw refuse(
      `does not allow the critical option ${option}`,
      'leave it out, or have it added to allowed_critical_options',
    );
  if (extensions.length === 0 && certificateType === 'user' && role.addsExtensions)
    throw refuse(
      'adds extensions where none are asked for',
      'declare spec.extensions, or have default_extensions emptied',
    );
  if (Object.keys(criticalOptions).length === 0 && role.addsCriticalOptions)
    throw refuse(
      'adds critical options where none are asked for',
      'declare spec.criticalOptions, or have default_critical_options emptied',
    );
  return ttl;
}

async function authorityKey(
  parts: SshParts,
  type: SshCertificateType,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { mount } = roleOf(parts, type);
  const path = apiPath(mount, 'config/ca');
  const answer = await parts.vault.read(path, signal);
  const key = answer?.data['public_key'];
  const blob = typeof key === 'string' ? octetsOf(key.trim().split(/\s+/)[1] ?? '') : undefined;
  if (blob === undefined) throw garbage(parts.context.name, path);
  return blob;
}

function roleOf({ context, roles }: SshParts, type: SshCertificateType): SshRole {
  const place = roles[type];
  if (place !== undefined) return place;
  throw new BackendError({
    kind: 'unsupported',
    what: `${context.name} signs no ${type} certificates: its manifest names no role for them`,
    hint: `name one in spec.ssh.${type}`,
  });
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set(b).size && a.every((each) => b.includes(each));
}

function octetsOf(base64: string): Uint8Array | undefined {
  const decoded = decodeBase64(base64);
  return decoded.ok && decoded.bytes.length > 0 ? decoded.bytes : undefined;
}

function notIssued(name: string, serialNumber: string): BackendError {
  return new BackendError({
    kind: 'not-found',
    what: `${name} signed no SSH certificate of the serial number ${serialNumber.slice(0, 80)} for us`,
    hint: 'check the serial number, and that the Backend names the ledger that has it',
  });
}
