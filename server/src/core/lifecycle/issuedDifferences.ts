/** What a certificate that was issued says, against what its manifest asks for now. */
import { parseIpAddress } from '../credential/build/ipAddress.ts';
import type { DecodedCertificate } from '../credential/certificate.ts';
import type { GeneralName } from '../credential/generalName.ts';
import { toHex } from '../credential/octets.ts';
import type { ManifestPath } from '../manifest/path.ts';
import { formatDuration } from '../text/duration.ts';
import type { Declaration } from './declaration.ts';

export interface IssuedDifference {
  /** Of the manifest. */
  readonly path: ManifestPath;
  /** One sentence without a full stop. */
  readonly message: string;
  readonly hint: string;
}

/** Authorities date their certificates back, for clocks that are behind. */
const BACKDATED_SECONDS = 2 * 3600;
/** What is less than this share of what was asked for changes when it is renewed. */
const MUCH_LESS = 0.9;
const RENEW = 'renew it: the manifest counts from then on';

const NAMES = [
  ['dnsNames', 'dns'],
  ['ipAddresses', 'ip'],
  ['uris', 'uri'],
  ['emailAddresses', 'email'],
] as const;

/** `issuer`: the backend that the record names; null: none that is declared. */
export function issuedDifferences(
  declaration: Declaration,
  certificate: DecodedCertificate,
  issuer: string | null,
): readonly IssuedDifference[] {
  return [
    ...nameDifferences(declaration, certificate),
    ...keyDifferences(declaration, certificate),
    ...usageDifferences(declaration, certificate),
    ...durationDifferences(declaration, certificate),
    ...issuerDifferences(declaration, issuer),
  ];
}

function nameDifferences({ request }: Declaration, { facts }: DecodedCertificate): IssuedDifference[] {
  if (request.kind !== 'Certificate') return [];
  const issued = facts.subjectAltNames ?? [];
  return NAMES.flatMap(([field, kind]) => {
    const declared = request.names[field];
    const own = issued.filter((name) => name.kind === kind);
    const missing = declared.flatMap((text, at) =>
      own.some((name) => isSame(name, text))
        ? []
        : [{ path: ['spec', field, at], message: `the certificate is not for ${text}`, hint: RENEW }],
    );
    const besides = own.filter((name) => !declared.some((text) => isSame(name, text)));
    const path = declared.length === 0 ? ['metadata', 'name'] : ['spec', field];
    return [
      ...missing,
      ...besides.map(({ value }) => ({
        path,
        message: `the certificate is for ${value}, too, which the manifest does not name`,
        hint: `add it, or ${RENEW}`,
      })),
    ];
  });
}

function isSame({ kind, value }: GeneralName, text: string): boolean {
  if (kind === 'dns') return value.toLowerCase() === text.toLowerCase();
  if (kind !== 'ip') return value === text;
  const [a, b] = [parseIpAddress(value), parseIpAddress(text)];
  return a !== undefined && b !== undefined && toHex(a) === toHex(b);
}

function keyDifferences({ key }: Declaration, { publicKey }: DecodedCertificate): IssuedDifference[] {
  if (key === null || publicKey === undefined || publicKey.algorithm === key.algorithm) return [];
  return [
    {
      path: ['spec', 'key', 'algorithm'],
      message: `its key is ${publicKey.algorithm}, and ${key.algorithm} is declared`,
      hint: 'rotate it: a new key is made as the manifest says',
    },
  ];
}

function usageDifferences({ request }: Declaration, { facts }: DecodedCertificate): IssuedDifference[] {
  if (request.kind !== 'Certificate') return [];
  const { extendedKeyUsages } = facts;
  // Without the extension it is for everything (RFC 5280, 4.2.1.12).
  if (extendedKeyUsages === undefined || extendedKeyUsages.includes('anyExtendedKeyUsage')) return [];
  const issued = extendedKeyUsages.map((usage) => usage.toLowerCase());
  const missing = request.usages.filter((usage) => !issued.includes(usage.toLowerCase()));
  return missing.map((usage) => ({
    path: ['spec', 'usages'],
    message: `the certificate may not be used for ${usage}`,
    hint: RENEW,
  }));
}

/** Usages that nobody asked for: authorities add some by their own rules, and no renewal changes that. */
export function addedUsages({ request }: Declaration, { facts }: DecodedCertificate): readonly string[] {
  if (request.kind !== 'Certificate') return [];
  const declared = request.usages.map((usage) => usage.toLowerCase());
  return (facts.extendedKeyUsages ?? []).filter((usage) => !declared.includes(usage.toLowerCase()));
}

function durationDifferences(
  { durationSeconds }: Declaration,
  { notBefore, notAfter }: DecodedCertificate,
): IssuedDifference[] {
  if (durationSeconds === null || notBefore === undefined || notAfter === undefined) return [];
  const seconds = (Date.parse(notAfter) - Date.parse(notBefore)) / 1000;
  const isLonger = seconds > durationSeconds + BACKDATED_SECONDS;
  if (!isLonger && seconds >= durationSeconds * MUCH_LESS) return [];
  const given = `it was issued for ${formatDuration(seconds)}, and ${formatDuration(durationSeconds)} is declared`;
  return [
    {
      path: ['spec', 'duration'],
      message: given,
      hint: isLonger ? RENEW : 'the authority gives less: declare what it gives, or have it give more',
    },
  ];
}

function issuerDifferences({ issuer: declared }: Declaration, issuer: string | null): IssuedDifference[] {
  if (declared === null || issuer === null || declared === issuer) return [];
  return [
    {
      path: ['spec', 'issuer'],
      message: `${issuer} issued it, and ${declared} is declared`,
      hint: RENEW,
    },
  ];
}
