import { encodeUtf8 } from '../credential/charset.ts';
import { toHex } from '../credential/octets.ts';
import type { IdentityId } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { IdentityResource } from '../manifest/resource.ts';
import { type DefaultValues, defaultsFor } from '../policy/defaults.ts';
import type { Hasher } from '../ports.ts';
import { canonicalJson } from '../text/canonicalJson.ts';
import { parseDuration } from '../text/duration.ts';
import type { Declaration } from './declaration.ts';
import { type CommonSpec, deliveryOf, type Own, ownOf, renewalOf } from './declaredParts.ts';

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
