/** What each kind of identity declares in its own way, and what all of them declare alike. */
import type { CertificateUsage } from '../credential/subjectNames.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type {
  CertificateResource,
  IdentityResource,
  KeyResource,
  SshCertificateResource,
  SshKeyResource,
  TokenResource,
  WorkloadResource,
} from '../manifest/resource.ts';
import type { DefaultValues } from '../policy/defaults.ts';
import type { Renewal } from '../schema/generated/specs.ts';
import { parseDuration } from '../text/duration.ts';
import type { Declaration } from './declaration.ts';
import type { DeliveryContent } from './deliveryContent.ts';
import type { KeystoreFormat } from './keystorePlace.ts';
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

export function renewalOf(own: Renewal | undefined, inherited: Renewal | undefined): Declaration['renewal'] {
  const overlap = own?.overlap ?? inherited?.overlap;
  return {
    by: own?.by ?? inherited?.by ?? 'idac',
    before: beforeOf(own?.before ?? inherited?.before),
    overlapSeconds: overlap === undefined ? 0 : (parseDuration(overlap) ?? 0),
  };
}

/** What all kinds declare in the same fields. */
export interface CommonSpec {
  readonly machines?: readonly string[];
  readonly keyPer?: 'machine' | 'identity';
  readonly duration?: string;
  readonly renewal?: Renewal;
  readonly deliverTo?: readonly {
    readonly backend: string;
    readonly as?: string;
    readonly path: string;
    readonly contents?: readonly DeliveryContent[];
    readonly mode?: string;
    readonly format?: 'pem' | KeystoreFormat;
    readonly alias?: string;
    readonly passwordFile?: string;
    readonly owner?: string;
    readonly reload?: string;
  }[];
  readonly consumers?: readonly string[];
}

/** What each kind declares in its own way. */
export type Own = Pick<Declaration, 'request' | 'key'> & {
  readonly delivers: readonly DeliveryContent[];
  readonly endpoints?: readonly string[];
};

function certificateOf({ spec }: CertificateResource, defaults: DefaultValues): Own {
  const { key = {}, subject } = spec;
  return {
    request: {
      kind: 'Certificate',
      names: {
        ...(subject === undefined ? {} : { subject }),
        dnsNames: spec.dnsNames ?? [],
        ipAddresses: spec.ipAddresses ?? [],
        uris: spec.uris ?? [],
        emailAddresses: spec.emailAddresses ?? [],
      },
      usages: (spec.usages ?? ['serverAuth']).map(
        (usage) => USAGE_NAMES[usage] ?? (usage as CertificateUsage),
      ),
    },
    key: {
      algorithm: key.algorithm ?? defaults.keyAlgorithm ?? 'ECDSA-P256',
      origin: key.origin ?? 'engine',
      store: key.store ?? null,
      requestPath: key.csr ?? null,
      changesOnRenewal: key.rotationPolicy !== 'Never',
      keepsFormer: false,
    },
    delivers: ['chain'],
    endpoints: spec.endpoints ?? [],
  };
}

function sshCertificateOf({ spec }: SshCertificateResource, defaults: DefaultValues): Own {
  const { criticalOptions: options = {} } = spec;
  const sources = options['source-address'];
  return {
    request: {
      kind: 'SshCertificate',
      certificateType: spec.type,
      principals: spec.principals,
      criticalOptions: {
        ...(options['force-command'] === undefined ? {} : { 'force-command': options['force-command'] }),
        ...(sources === undefined ? {} : { 'source-address': sources.join(',') }),
        ...(options['verify-required'] === true ? { 'verify-required': '' } : {}),
      },
      extensions: spec.extensions ?? [],
    },
    key: { ...sshKeyOf(spec.key, defaults), changesOnRenewal: spec.key?.rotationPolicy !== 'Never' },
    delivers: ['certificate'],
  };
}

function sshKeyOf(
  key: SshKeyResource['spec']['key'] = {},
  defaults: DefaultValues = {},
): NonNullable<Declaration['key']> {
  return {
    algorithm: key.algorithm ?? defaults.keyAlgorithm ?? 'ECDSA-P256',
    origin: key.origin ?? 'engine',
    store: key.store ?? null,
    requestPath: key.publicKey ?? null,
    changesOnRenewal: true,
    keepsFormer: false,
  };
}

function keyOf({ spec }: KeyResource, defaults: DefaultValues): Own {
  return {
    request: { kind: 'Key', usages: spec.usages ?? ['sign', 'verify'] },
    key: {
      algorithm: spec.algorithm ?? defaults.keyAlgorithm ?? 'ECDSA-P256',
      origin: 'store',
      store: spec.store,
      requestPath: null,
      changesOnRenewal: true,
      keepsFormer: spec.formerKey === 'keep',
    },
    delivers: ['publicKey'],
  };
}

function tokenOf({ spec }: TokenResource): Own {
  const { format = 'jwt', subject = '', audience = [], scopes = [] } = spec;
  return {
    request: { kind: 'Token', format, subject, audience, scopes },
    key: null,
    delivers: ['token'],
  };
}

function workloadOf(resource: WorkloadResource, index: ProjectIndex): Own {
  const { spec } = resource;
  const parent =
    spec.parent === undefined ? undefined : index.find('Workload', spec.parent, resource.namespace);
  return {
    request: {
      kind: 'Workload',
      spiffeId: spec.spiffeId,
      // A parent that is missing is a finding, and a manifest with findings is not acted on.
      parentId: (parent as WorkloadResource | undefined)?.spec.spiffeId ?? null,
      selectors: spec.selectors,
      dnsNames: spec.dnsNames ?? [],
      x509SvidTtlSeconds: parseDuration(spec.x509SvidTtl ?? '1h') ?? 3600,
      jwtSvidTtlSeconds: parseDuration(spec.jwtSvidTtl ?? '5m') ?? 300,
      federatesWith: spec.federatesWith ?? [],
    },
    key: null,
    delivers: [],
  };
}

export function ownOf(resource: IdentityResource, index: ProjectIndex, defaults: DefaultValues): Own {
  switch (resource.kind) {
    case 'Certificate':
      return certificateOf(resource, defaults);
    case 'SshCertificate':
      return sshCertificateOf(resource, defaults);
    case 'SshKey':
      return {
        request: { kind: 'SshKey', usage: resource.spec.usage ?? 'user' },
        key: sshKeyOf(resource.spec.key, defaults),
        delivers: ['publicKey'],
      };
    case 'Key':
      return keyOf(resource, defaults);
    case 'Token':
      return tokenOf(resource);
    case 'Workload':
      return workloadOf(resource, index);
    default:
      return resource satisfies never;
  }
}

/** What came later is there only where it is declared: the digest of what was issued before stays the same. */
export function deliveryOf(
  {
    format = 'pem',
    alias,
    passwordFile,
    owner,
    reload,
    ...delivery
  }: NonNullable<CommonSpec['deliverTo']>[number],
  delivers: readonly DeliveryContent[],
): Declaration['deliveries'][number] {
  const keystore = {
    ...(alias === undefined ? {} : { alias }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
  };
  return {
    backend: delivery.backend,
    as: delivery.as ?? null,
    path: delivery.path,
    contents: delivery.contents ?? delivers,
    mode: delivery.mode === undefined ? null : Number.parseInt(delivery.mode, 8),
    ...(format === 'pem' ? {} : { keystore: { format, ...keystore } }),
    ...(owner === undefined ? {} : { owner }),
    ...(reload === undefined ? {} : { reload }),
  };
}
