/** Every algorithm in use by identity, as a CycloneDX bill of materials for cryptography. The same input gives the same text. */
import type { DecodedCertificate } from '../credential/certificate.ts';
import { encodeUtf8 } from '../credential/charset.ts';
import { toHex } from '../credential/octets.ts';
import { formatIdentity } from '../identity/identityId.ts';
import type { InventoryRow } from '../inventory/inventoryRow.ts';
import type { ServedEndpoint } from '../lifecycle/event.ts';
import type { IdentityState } from '../lifecycle/standing.ts';
import type { Hasher } from '../ports.ts';
import { canonicalJson } from '../text/canonicalJson.ts';
import { algorithmAssets, algorithmRef } from './algorithmComponent.ts';
import type { Bom, Component, CryptoProperties, MaterialState, Property } from './bomTypes.ts';
import { certificatesIn } from './certificates.ts';

export interface CbomInput {
  readonly rows: readonly InventoryRow[];
  /** What is public of a credential, by its fingerprint. */
  readonly texts: ReadonlyMap<string, string>;
  /** What endpoints agreed on when they were asked last, by `formatIdentity`. */
  readonly served: ReadonlyMap<string, readonly ServedEndpoint[]>;
  readonly project: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly now: Date;
  readonly hasher: Hasher;
}

export function cbomOf(input: CbomInput): Bom {
  const parts = collector();
  const identities = input.rows.flatMap((row) =>
    row.login === undefined ? [addIdentity(row, input, parts)] : [],
  );
  const project = `project/${input.project}`;
  const components = [...parts.components.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));
  const needs = new Map([...parts.needs, [project, new Set(identities)] as const]);
  const dependencies = [...needs]
    .map(([ref, of]) => ({ ref, ...(of.size === 0 ? {} : { dependsOn: [...of].sort() }) }))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const metadata: Bom['metadata'] = {
    timestamp: input.now.toISOString(),
    lifecycles: [{ phase: 'operations' }],
    tools: {
      components: [
        { type: 'application', 'bom-ref': 'tool', name: input.tool.name, version: input.tool.version },
      ],
    },
    component: { type: 'application', 'bom-ref': project, name: input.project },
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumberOf([metadata, components, dependencies], input.hasher),
    version: 1,
    metadata,
    components,
    dependencies,
  };
}

interface Parts {
  readonly components: ReadonlyMap<string, Component>;
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
  /** What is there already stays. Gives the reference back. */
  add(component: Component, needs?: readonly string[]): string;
  algorithm(name: string): string;
}

function collector(): Parts {
  const components = new Map<string, Component>();
  const needs = new Map<string, Set<string>>();
  const add: Parts['add'] = (component, of = []) => {
    const ref = component['bom-ref'];
    if (!components.has(ref)) components.set(ref, component);
    const known = needs.get(ref) ?? new Set();
    for (const each of of) if (each !== ref) known.add(each);
    needs.set(ref, known);
    return ref;
  };
  return {
    components,
    needs,
    add,
    algorithm(name) {
      const ref = algorithmRef(name);
      if (!components.has(ref))
        for (const { component, madeOf } of algorithmAssets(name)) add(component, madeOf);
      return ref;
    },
  };
}

function addIdentity(row: InventoryRow, input: CbomInput, parts: Parts): string {
  const { texts, served, hasher } = input;
  const identity = formatIdentity(row);
  const ref = `identity/${identity}${row.machine === null ? '' : `@${row.machine}`}`;
  const algorithm = row.algorithm === null ? undefined : parts.algorithm(row.algorithm);
  const key = algorithm && addKey(row.spkiSha256 ?? ref, row.algorithm ?? '', algorithm, parts, row);
  const text = row.fingerprintSha256 === null ? undefined : texts.get(row.fingerprintSha256);
  const [leaf, ...issuers] = text === undefined ? [] : certificatesIn(text, hasher);
  const authorities = issuers.map((issuer) => addAuthority(issuer, parts));
  const protocols = (served.get(identity) ?? []).map((endpoint) => addProtocol(endpoint, parts));
  const signature = leaf?.signatureAlgorithm && parts.algorithm(leaf.signatureAlgorithm);
  const needs = [key, signature, authorities[0], ...protocols].flatMap((each) => each ?? []);
  authorities.forEach((authority, at) => {
    const above = authorities[at + 1];
    const known = parts.components.get(authority);
    if (above !== undefined && known !== undefined) parts.add(known, [above]);
  });
  return parts.add(
    {
      type: 'cryptographic-asset',
      'bom-ref': ref,
      ...(row.namespace === '' ? {} : { group: row.namespace }),
      name: row.name,
      properties: propertiesOf(row),
      cryptoProperties: cryptoOf(row, leaf, signature, key),
    },
    needs,
  );
}

function cryptoOf(
  row: InventoryRow,
  leaf: DecodedCertificate | undefined,
  signature: string | undefined,
  key: string | undefined,
): CryptoProperties {
  const dates = (from: 'notValidBefore' | 'activationDate', to: 'notValidAfter' | 'expirationDate') => ({
    ...(row.notBefore === null ? {} : { [from]: row.notBefore }),
    ...(row.notAfter === null ? {} : { [to]: row.notAfter }),
  });
  if (row.kind === 'SshCertificate' || row.kind.startsWith('Certificate'))
    return {
      assetType: 'certificate',
      certificateProperties: {
        ...(leaf?.subject ? { subjectName: leaf.subject } : {}),
        ...(row.issuer === null ? {} : { issuerName: row.issuer }),
        ...dates('notValidBefore', 'notValidAfter'),
        ...(signature === undefined ? {} : { signatureAlgorithmRef: signature }),
        ...(key === undefined ? {} : { subjectPublicKeyRef: key }),
        certificateFormat: row.kind === 'SshCertificate' ? 'OpenSSH' : 'X.509',
      },
    };
  const isToken = row.kind === 'Token' || row.kind === 'Workload';
  return {
    assetType: 'related-crypto-material',
    relatedCryptoMaterialProperties: {
      type: isToken ? 'token' : 'public-key',
      ...(row.spkiSha256 === null ? {} : { id: row.spkiSha256 }),
      state: STATES[row.state] ?? 'active',
      ...(row.algorithm === null ? {} : { algorithmRef: algorithmRef(row.algorithm) }),
      ...dates('activationDate', 'expirationDate'),
    },
  };
}

const STATES: Readonly<Partial<Record<IdentityState | 'missing' | 'unconfirmed', MaterialState>>> = {
  declared: 'pre-activation',
  pending: 'pre-activation',
  suspended: 'suspended',
  expired: 'deactivated',
  superseded: 'deactivated',
  revoked: 'deactivated',
  destroyed: 'destroyed',
};

/** One for all that have it, so that a shared key is seen. */
function addKey(id: string, name: string, algorithm: string, parts: Parts, row?: InventoryRow): string {
  const size = /^(?:RSA|RSASSA-PSS|ECDSA-P|DSA)-?(\d+)$/.exec(name)?.[1];
  const isKnown = id !== '' && !id.includes('/');
  return parts.add(
    {
      type: 'cryptographic-asset',
      'bom-ref': `key/${id}`,
      name: isKnown ? `${name} key ${id.slice(0, 16)}` : `${name} key that is not made yet`,
      ...(row?.keyStore == null ? {} : { properties: [{ name: 'idac:keyStore', value: row.keyStore }] }),
      cryptoProperties: {
        assetType: 'related-crypto-material',
        relatedCryptoMaterialProperties: {
          type: 'public-key',
          ...(isKnown ? { id } : {}),
          state: isKnown
            ? row === undefined
              ? 'active'
              : (STATES[row.state] ?? 'active')
            : 'pre-activation',
          algorithmRef: algorithm,
          ...(size === undefined ? {} : { size: Number(size) }),
        },
      },
    },
    [algorithm],
  );
}

function addAuthority(certificate: DecodedCertificate, parts: Parts): string {
  const { publicKey, signatureAlgorithm, subject, issuer, notBefore, notAfter, spkiSha256 } = certificate;
  const key =
    publicKey &&
    spkiSha256 &&
    addKey(spkiSha256, publicKey.algorithm, parts.algorithm(publicKey.algorithm), parts);
  const signature = signatureAlgorithm && parts.algorithm(signatureAlgorithm);
  return parts.add(
    {
      type: 'cryptographic-asset',
      'bom-ref': `authority/${certificate.fingerprintSha256}`,
      name: subject === undefined || subject === '' ? 'authority' : subject,
      cryptoProperties: {
        assetType: 'certificate',
        certificateProperties: {
          ...(subject === undefined ? {} : { subjectName: subject }),
          ...(issuer === undefined ? {} : { issuerName: issuer }),
          ...(notBefore === undefined ? {} : { notValidBefore: notBefore }),
          ...(notAfter === undefined ? {} : { notValidAfter: notAfter }),
          ...(signature ? { signatureAlgorithmRef: signature } : {}),
          ...(key ? { subjectPublicKeyRef: key } : {}),
          certificateFormat: 'X.509',
        },
      },
    },
    [key, signature].flatMap((each) => each || []),
  );
}

function addProtocol({ version, cipherSuite }: ServedEndpoint, parts: Parts): string {
  return parts.add({
    type: 'cryptographic-asset',
    'bom-ref': `protocol/${version}/${cipherSuite}`,
    name: version,
    cryptoProperties: {
      assetType: 'protocol',
      protocolProperties: {
        type: 'tls',
        version: version.replace(/^TLSv/, ''),
        cipherSuites: [{ name: cipherSuite }],
      },
    },
  });
}

function propertiesOf(row: InventoryRow): readonly Property[] {
  const all: Readonly<Record<string, string | null>> = {
    kind: row.kind,
    state: row.state,
    owner: row.owner,
    contact: row.contact,
    machine: row.machine,
    backend: row.backend,
    keyOrigin: row.keyOrigin,
    keyStore: row.keyStore,
    renewedBy: row.managedBy ?? row.renewedBy,
    serialNumber: row.serialNumber,
    fingerprintSha256: row.fingerprintSha256,
    consumers: row.consumers.length === 0 ? null : row.consumers.join(' '),
    declaredIn: row.declaredAt?.file ?? null,
  };
  const labels = Object.entries(row.labels).map(([name, value]) => ({ name: `idac:label:${name}`, value }));
  return [
    ...Object.entries(all).flatMap(([name, value]) =>
      value === null ? [] : [{ name: `idac:${name}`, value }],
    ),
    ...labels.sort((a, b) => (a.name < b.name ? -1 : 1)),
  ];
}

/** A UUID of its own kind (RFC 9562, 5.8) over the content: what did not change has the same. */
function serialNumberOf(content: readonly unknown[], hasher: Hasher): string {
  const octets = hasher.hash('sha256', encodeUtf8(canonicalJson(content))).slice(0, 16);
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x80;
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(octets);
  const cut = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `urn:uuid:${cut.join('-')}`;
}
