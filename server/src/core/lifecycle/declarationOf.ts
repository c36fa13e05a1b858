import { encodeUtf8 } from '../credential/charset.ts';
import { toHex } from '../credential/octets.ts';
import type { CertificateUsage } from '../credential/subjectNames.ts';
import type { CertificateResource, ProjectResource } from '../manifest/resource.ts';
import type { Hasher } from '../ports.ts';
import type { Renewal } from '../schema/generated/specs.ts';
import { canonicalJson } from '../text/canonicalJson.ts';
import { parseDuration } from '../text/duration.ts';
import type { Declaration } from './declaration.ts';
import { DEFAULT_RENEWAL_SHARE } from './standing.ts';

/** cert-manager's spelling of the usages. */
const USAGE_NAMES: Readonly<Record<string, CertificateUsage>> = {
  'server auth': 'serverAuth',
  'client auth': 'clientAuth',
  'code signing': 'codeSigning',
  'email protection': 'emailProtection',
  timestamping: 'timeStamping',
  'ocsp signing': 'ocspSigning',
};

function beforeOf(text: string | undefined): Declaration['renewal']['before'] {
  if (text === undefined) return { share: DEFAULT_RENEWAL_SHARE };
  if (text.endsWith('%')) return { share: Number(text.slice(0, -1)) / 100 };
  const seconds = parseDuration(text);
  return seconds === undefined ? { share: DEFAULT_RENEWAL_SHARE } : { seconds };
}

function renewalOf(own: Renewal | undefined, inherited: Renewal | undefined): Declaration['renewal'] {
  const overlap = own?.overlap ?? inherited?.overlap;
  return {
    by: own?.by ?? inherited?.by ?? 'idac',
    before: beforeOf(own?.before ?? inherited?.before),
    overlapSeconds: overlap === undefined ? 0 : (parseDuration(overlap) ?? 0),
  };
}

/** What a usable manifest declares, with the project's and this tool's defaults filled in. */
export function declarationOf(
  resource: CertificateResource,
  project: ProjectResource | undefined,
): Declaration {
  const { spec } = resource;
  const defaults = project?.usable ? project.spec.defaults : undefined;
  const duration = spec.duration ?? defaults?.duration;
  const key = spec.key ?? {};
  return {
    identity: resource.id,
    file: resource.file,
    issuer: spec.issuer,
    names: {
      ...(spec.subject === undefined ? {} : { subject: spec.subject }),
      dnsNames: spec.dnsNames ?? [],
      ipAddresses: spec.ipAddresses ?? [],
      uris: spec.uris ?? [],
      emailAddresses: spec.emailAddresses ?? [],
    },
    usages: (spec.usages ?? ['serverAuth']).map((usage) => USAGE_NAMES[usage] ?? (usage as CertificateUsage)),
    durationSeconds: (duration === undefined ? undefined : parseDuration(duration)) ?? null,
    key: {
      algorithm: key.algorithm ?? defaults?.keyAlgorithm ?? 'ECDSA-P256',
      origin: key.origin ?? 'engine',
      store: key.store ?? null,
      requestPath: key.csr ?? null,
      changesOnRenewal: key.rotationPolicy !== 'Never',
    },
    keyPer: spec.keyPer ?? 'machine',
    machines: spec.machines ?? [],
    renewal: renewalOf(spec.renewal, defaults?.renewal),
    deliveries: (spec.deliverTo ?? []).map((delivery) => ({
      backend: delivery.backend,
      as: delivery.as ?? null,
      path: delivery.path,
      contents: delivery.contents ?? ['chain'],
      mode: delivery.mode === undefined ? null : Number.parseInt(delivery.mode, 8),
    })),
    endpoints: spec.endpoints ?? [],
    consumers: spec.consumers ?? [],
  };
}

/**
 * Hex SHA-256 of what decides a credential: another value now than when it was issued means `outOfDate`. Owner, labels,
 * consumers and renewal are not part of it, nor is which other machines there are.
 */
export function specDigestOf(declaration: Declaration, hasher: Hasher): string {
  const { issuer, names, usages, durationSeconds, keyPer, deliveries } = declaration;
  const { algorithm, origin, store } = declaration.key;
  const decisive = {
    issuer,
    names,
    usages,
    durationSeconds,
    keyPer,
    deliveries,
    key: { algorithm, origin, store },
  };
  return toHex(hasher.hash('sha256', encodeUtf8(canonicalJson(decisive))));
}
