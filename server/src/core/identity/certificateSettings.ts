import type { CertificateResource, ProjectResource } from '../manifest/resource.ts';
import type { CertificateDelivery, CertificateSpec, Owner, Renewal } from '../schema/generated/specs.ts';
import { parseDuration, parseDurationOrShare } from '../text/duration.ts';

type Key = NonNullable<CertificateSpec['key']>;

/** A certificate's specification with the project's and the schema's defaults filled in. */
export interface CertificateSettings {
  readonly owner: Owner | undefined;
  readonly machines: readonly string[];
  readonly keyPer: 'machine' | 'identity';
  /** Canonical names: `serverAuth`, never `server auth`. */
  readonly usages: readonly Usage[];
  readonly key: {
    readonly algorithm: NonNullable<Key['algorithm']>;
    readonly origin: NonNullable<Key['origin']>;
    readonly rotationPolicy: NonNullable<Key['rotationPolicy']>;
    readonly store: string | undefined;
    readonly csr: string | undefined;
  };
  readonly issuer: string;
  /** Undefined: the issuer's own default decides. */
  readonly durationSeconds: number | undefined;
  readonly renewal: {
    readonly by: NonNullable<Renewal['by']>;
    readonly before: string | undefined;
    readonly overlapSeconds: number;
  };
  readonly deliverTo: readonly (CertificateDelivery & {
    readonly contents: NonNullable<CertificateDelivery['contents']>;
  })[];
}

export type Usage =
  | 'serverAuth'
  | 'clientAuth'
  | 'codeSigning'
  | 'emailProtection'
  | 'timeStamping'
  | 'ocspSigning';

/** cert-manager's words for the extended key usages of RFC 5280, 4.2.1.12. */
const USAGES: Readonly<Record<NonNullable<CertificateSpec['usages']>[number], Usage>> = {
  serverAuth: 'serverAuth',
  clientAuth: 'clientAuth',
  codeSigning: 'codeSigning',
  emailProtection: 'emailProtection',
  timeStamping: 'timeStamping',
  ocspSigning: 'ocspSigning',
  'server auth': 'serverAuth',
  'client auth': 'clientAuth',
  'code signing': 'codeSigning',
  'email protection': 'emailProtection',
  timestamping: 'timeStamping',
  'ocsp signing': 'ocspSigning',
};

/** Of a usable certificate: what holds when everything left out has its default. */
export function certificateSettings(
  certificate: CertificateResource,
  project: ProjectResource | undefined,
): CertificateSettings {
  const { spec } = certificate;
  const defaults = project?.usable === true ? project.spec.defaults : undefined;
  const duration = spec.duration ?? defaults?.duration;
  const renewal = { ...defaults?.renewal, ...spec.renewal };
  return {
    owner: spec.owner ?? defaults?.owner,
    machines: spec.machines ?? [],
    keyPer: spec.keyPer ?? 'machine',
    usages: [...new Set((spec.usages ?? ['serverAuth']).map((usage) => USAGES[usage]))],
    key: {
      algorithm: spec.key?.algorithm ?? defaults?.keyAlgorithm ?? 'ECDSA-P256',
      origin: spec.key?.origin ?? 'engine',
      rotationPolicy: spec.key?.rotationPolicy ?? 'Always',
      store: spec.key?.store,
      csr: spec.key?.csr,
    },
    issuer: spec.issuer,
    durationSeconds: duration === undefined ? undefined : parseDuration(duration),
    renewal: {
      by: renewal.by ?? 'idac',
      before: renewal.before,
      overlapSeconds: renewal.overlap === undefined ? 0 : (parseDuration(renewal.overlap) ?? 0),
    },
    deliverTo: (spec.deliverTo ?? []).map((each) => ({ ...each, contents: each.contents ?? ['chain'] })),
  };
}

/** How long before its end a certificate of this lifetime is to be renewed: as declared, else a third of the lifetime. */
export function renewBeforeSeconds(before: string | undefined, lifetimeSeconds: number): number {
  const declared = before === undefined ? undefined : parseDurationOrShare(before, lifetimeSeconds);
  return declared ?? Math.floor(lifetimeSeconds / 3);
}
