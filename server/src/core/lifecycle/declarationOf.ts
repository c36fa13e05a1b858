import { encodeUtf8 } from '../credential/charset.ts';
import { toHex } from '../credential/octets.ts';
import type { CertificateUsage } from '../credential/subjectNames.ts';
import type { IdentityId } from '../identity/identityId.ts';
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
import { type DefaultValues, defaultsFor } from '../policy/defaults.ts';
import type { Hasher } from '../ports.ts';
import type { Renewal } from '../schema/generated/specs.ts';
import { canonicalJson } from '../text/canonicalJson.ts';
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

function renewalOf(own: Renewal | undefined, inherited: Renewal | undefined): Declaration['renewal'] {
  const overlap = own?.overlap ?? inherited?.overlap;
  return {
    by: own?.by ?? inherited?.by ?? 'idac',
    before: beforeOf(own?.before ?? inherited?.before),
    overlapSeconds: overlap === undefined ? 0 : (parseDuration(overlap) ?? 0),
  };
}

/** What all kinds declare in the same fields. */
interface CommonSpec {
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
type Own = Pick<Declaration, 'request' | 'key'> & {
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

function ownOf(resource: IdentityResource, index: ProjectIndex, defaults: DefaultValues): Own {
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
function deliveryOf(
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

function issuerOf(resource: IdentityResource): string | null {
  switch (resource.kind) {
    case 'Key':
      return resource.spec.store;
    case 'Workload':
      return resource.spec.registry;
    default:
      return resource.spec.issuer ?? null;
  }
}

/** What a usable manifest declares, with the defaults of policies, the project and this tool filled in. */
export function declarationOf(resource: IdentityResource, index: ProjectIndex): Declaration {
  const declared = declaredBy(resource, index);
  return {
    identity: declared.identity,
    file: declared.file,
    issuer: declared.issuer,
    request: declared.request,
    key: declared.key,
    durationSeconds: declared.durationSeconds,
    keyPer: declared.keyPer,
    machines: declared.machines,
    renewal: declared.renewal,
    deliveries: declared.deliveries,
    endpoints: declared.endpoints,
    consumers: declared.consumers,
  };
}

/** The same, each part made when it is asked for: who judges thousands looks at one or two of each. */
export function declaredBy(resource: IdentityResource, index: ProjectIndex): Declaration {
  return new Declared(resource, index);
}

class Declared implements Declaration {
  private readonly resource: IdentityResource;
  private readonly index: ProjectIndex;
  private own: Own | undefined;

  constructor(resource: IdentityResource, index: ProjectIndex) {
    this.resource = resource;
    this.index = index;
  }

  private get defaults(): DefaultValues {
    return defaultsFor(this.resource, this.index).values;
  }
  private get ofKind(): Own {
    this.own ??= ownOf(this.resource, this.index, this.defaults);
    return this.own;
  }
  private get spec(): CommonSpec {
    return this.resource.spec;
  }

  get identity(): IdentityId {
    return this.resource.id;
  }
  get file(): string {
    return this.resource.file;
  }
  get issuer(): string | null {
    return issuerOf(this.resource);
  }
  get request(): Declaration['request'] {
    return this.ofKind.request;
  }
  get key(): Declaration['key'] {
    return this.ofKind.key;
  }
  get durationSeconds(): number | null {
    const duration = this.spec.duration ?? this.defaults.duration;
    return (duration === undefined ? undefined : parseDuration(duration)) ?? null;
  }
  get keyPer(): Declaration['keyPer'] {
    return this.spec.keyPer ?? 'machine';
  }
  get machines(): readonly string[] {
    return this.spec.machines ?? [];
  }
  get renewal(): Declaration['renewal'] {
    // A registration is no credential that runs out: what renews itself are the SVIDs.
    return renewalOf(this.spec.renewal, this.defaults.renewal);
  }
  get deliveries(): Declaration['deliveries'] {
    const { delivers } = this.ofKind;
    return (this.spec.deliverTo ?? []).map((delivery) => deliveryOf(delivery, delivers));
  }
  get endpoints(): readonly string[] {
    return this.ofKind.endpoints ?? [];
  }
  get consumers(): readonly string[] {
    return this.spec.consumers ?? [];
  }
}

/**
 * Hex SHA-256 of what decides a credential: another value now than when it was issued means `outOfDate`. Owner, labels,
 * consumers, renewal and who is told of a delivery are not part of it, nor is which other machines there are.
 */
export function specDigestOf(declaration: Declaration, hasher: Hasher): string {
  const { issuer, request, durationSeconds, keyPer, deliveries, key } = declaration;
  const decisive = {
    issuer,
    request,
    durationSeconds,
    keyPer,
    deliveries: deliveries.map(({ reload: _reload, ...delivery }) => delivery),
    key: key === null ? null : { algorithm: key.algorithm, origin: key.origin, store: key.store },
  };
  return toHex(hasher.hash('sha256', encodeUtf8(canonicalJson(decisive))));
}
