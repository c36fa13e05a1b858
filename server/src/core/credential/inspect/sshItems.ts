import type { Finding } from '../../finding.ts';
import { credentialDamaged } from '../findings/credentialDamaged.ts';
import { keyWeak } from '../findings/keyWeak.ts';
import { sshRevocationUnknown } from '../findings/sshRevocationUnknown.ts';
import { sshRevoked } from '../findings/sshRevoked.ts';
import type { DecodedPutty } from '../putty.ts';
import type { SshKeyLine } from '../ssh/keyLines.ts';
import { lintSshCertificate } from '../ssh/lintCertificate.ts';
import { decodeSshPrivateKey } from '../ssh/privateKey.ts';
import { type DecodedSshKey, decodeSshKey } from '../ssh/publicKey.ts';
import { sshRevocation } from '../ssh/revokedKeys.ts';
import { validity, validityFindings } from './certificateItem.ts';
import type { CredentialFormat, CredentialItem } from './item.ts';
import { damagedItem, lockedKeyItem, openKeyFinding } from './keyItem.ts';
import { damage, findingAt, itemAt, keyMembers, type Place } from './place.ts';
import { strengthProblem } from './weaknesses.ts';

/** A line of a `.pub` file, of authorized_keys or of known_hosts. */
export function sshLineItem(place: Place, line: SshKeyLine): CredentialItem {
  const type = line.type.includes('-cert-') ? 'ssh-certificate' : 'public-key';
  if (line.problem !== undefined) {
    return damagedItem(
      place,
      type,
      'OpenSSH',
      `the ${line.type} key in this line cannot be read: ${line.problem}`,
    );
  }
  const before = [line.marker, line.before].filter((part) => part !== undefined && part !== '').join(' ');
  const known = {
    label: line.comment === '' ? null : line.comment,
    hosts: line.kind === 'host' ? before : null,
    options: line.kind === 'key' && before !== '' ? before : null,
  };
  const item = sshBlobItem(place, line.blob, 'OpenSSH', known);
  const { value } = decodeSshKey(line.blob, place.context.hasher);
  if (value === undefined || value.type === line.type) return item;
  const message = `the line says ${line.type}, and the key in it is ${value.type}`;
  return { ...item, findings: [...item.findings, findingAt(place, credentialDamaged, message)] };
}

export function sshBlobItem(
  place: Place,
  blob: Uint8Array,
  format: CredentialFormat,
  known: Partial<CredentialItem>,
): CredentialItem {
  const { value, problems } = decodeSshKey(blob, place.context.hasher);
  const findings = damage(place, problems);
  if (value === undefined) return itemAt(place, 'public-key', format, { ...known, findings });
  const { certificate } = value;
  const revoked = revocationOf(place, value);
  if (certificate === undefined) {
    return itemAt(place, 'public-key', format, {
      ...sshMembers(place, value),
      ...known,
      sshRevocation: revoked.sshRevocation,
      findings: [...findings, ...revoked.findings],
    });
  }
  const { validAfter, validBefore, keyId } = certificate;
  return itemAt(place, 'ssh-certificate', format, {
    ...sshMembers(place, value),
    subject: keyId,
    issuer: certificate.signedBy,
    serialNumber: certificate.serialNumber,
    ...validity(place, validAfter, validBefore),
    ssh: certificate,
    ...known,
    sshRevocation: revoked.sshRevocation,
    findings: [
      ...findings,
      ...validityFindings(place, validAfter, validBefore, keyId),
      ...sshLintFindings(place, blob, value),
      ...revoked.findings,
    ],
  });
}

function sshLintFindings(place: Place, blob: Uint8Array, { fields }: DecodedSshKey): readonly Finding[] {
  const { lint, hasher } = place.context;
  if (lint === undefined || fields === undefined) return [];
  const authority = decodeSshKey(fields.authority, hasher).value?.publicKey;
  const weak = authority && strengthProblem(authority.algorithm, authority.bits ?? null);
  return [
    ...lintSshCertificate(blob, fields, place.file, place.context).map(({ meta, message }) =>
      findingAt(place, meta, message),
    ),
    ...(weak === undefined ? [] : [findingAt(place, keyWeak, `of the authority that signed it: ${weak}`)]),
  ];
}

/** By the lists that were given. */
function revocationOf(place: Place, key: DecodedSshKey): Pick<CredentialItem, 'sshRevocation' | 'findings'> {
  const { sshRevokedKeys = [], hasher } = place.context;
  if (sshRevokedKeys.length === 0) return { sshRevocation: null, findings: [] };
  const found = sshRevocation(key, sshRevokedKeys, hasher);
  if (found.status === 'good') return { sshRevocation: { status: 'good', reason: null }, findings: [] };
  const { status, why } = found;
  const rule = status === 'revoked' ? sshRevoked : sshRevocationUnknown;
  return { sshRevocation: { status, reason: why }, findings: [findingAt(place, rule, why)] };
}

export function sshPrivateKeyItem(place: Place, bytes: Uint8Array): CredentialItem {
  const { value, problems } = decodeSshPrivateKey(bytes, place.context.hasher);
  const findings = damage(place, problems);
  const members = value?.publicKey === undefined ? {} : sshMembers(place, value.publicKey);
  if (value?.encryption !== undefined) {
    return lockedKeyItem(place, 'OpenSSH', value.encryption, { ...members, findings }, true);
  }
  const revoked = value?.publicKey === undefined ? undefined : revocationOf(place, value.publicKey);
  return itemAt(place, 'private-key', 'OpenSSH', {
    ...members,
    private: true,
    sshRevocation: revoked?.sshRevocation ?? null,
    findings:
      value === undefined
        ? findings
        : [
            ...findings,
            ...openKeyFinding(place, value.publicKey?.publicKey.algorithm),
            ...(revoked?.findings ?? []),
          ],
  });
}

export function puttyItem(place: Place, key: DecodedPutty): CredentialItem {
  const { value, problems } = decodeSshKey(key.publicBlob, place.context.hasher);
  const findings = damage(place, key.publicBlob.length === 0 ? key.problems : [...key.problems, ...problems]);
  const members = {
    ...(value === undefined ? {} : sshMembers(place, value)),
    label: key.comment === '' ? null : key.comment,
  };
  if (key.encryption !== undefined)
    return lockedKeyItem(place, 'PuTTY', key.encryption, { ...members, findings }, true);
  return itemAt(place, 'private-key', 'PuTTY', {
    ...members,
    private: true,
    findings: [...findings, ...openKeyFinding(place, value?.publicKey.algorithm)],
  });
}

function sshMembers(place: Place, key: DecodedSshKey) {
  return { ...keyMembers(place, key.publicKey), sshFingerprint: key.sshFingerprint };
}
