import { CERT_MANAGER_CERTIFICATE, isObserved, isPatch } from '../core/identity/certManager.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { ObservedCertificate, Resource } from '../core/manifest/resource.ts';
import type { CertManagerPrivateKey } from '../core/schema/generated/specs.ts';
import type { InventoryRow } from './api.ts';

/** Where a manifest of Kubernetes says who answers for it. */
const OWNER = 'identity-as-code/owner';
const CONTACT = 'identity-as-code/contact';

/** One row for each certificate that cert-manager keeps. It is known by its manifest alone, and nothing is done to it here. */
export function observedRows({ ofKind }: Pick<ProjectIndex, 'ofKind'>): readonly InventoryRow[] {
  const rows = new Map<string, InventoryRow>();
  for (const resource of ofKind(CERT_MANAGER_CERTIFICATE)) {
    if (!isObserved(resource.id) || rows.has(resource.key) || isPatch(resource.spec)) continue;
    rows.set(resource.key, rowOf(resource));
  }
  return [...rows.values()];
}

const known = new WeakMap<Resource, InventoryRow>();

/** Kept as long as the manifest lives: time does not change it. */
function rowOf(resource: Resource): InventoryRow {
  const before = known.get(resource);
  if (before !== undefined) return before;
  const { kind, namespace, name, annotations, labels } = resource;
  const spec = resource.usable ? (resource as unknown as ObservedCertificate).spec : undefined;
  const row: InventoryRow = {
    kind,
    namespace,
    name,
    machine: null,
    owner: annotations[OWNER] ?? labels[OWNER] ?? null,
    contact: annotations[CONTACT] ?? null,
    backend: spec === undefined ? null : `${spec.issuerRef.kind ?? 'Issuer'}/${spec.issuerRef.name}`,
    issuer: null,
    keyStore: null,
    keyOrigin: null,
    renewedBy: null,
    targets: [],
    machines: [],
    state: 'declared',
    managedBy: 'cert-manager',
    notAfter: null,
    notBefore: null,
    daysLeft: null,
    hoursLeft: null,
    renewAfter: null,
    algorithm: spec === undefined ? null : algorithmOf(spec.privateKey ?? {}),
    spkiSha256: null,
    fingerprintSha256: null,
    serialNumber: null,
    labels,
    consumers: [],
    verbs: [],
    declaredAt: { file: resource.file, range: resource.locate(['metadata', 'name'], 'value') },
    status:
      spec?.renewal?.policy === 'Disabled' ? 'kept by cert-manager, not renewed' : 'renewed by cert-manager',
  };
  known.set(resource, row);
  return row;
}

/** In the words of our own manifests; what is left out is cert-manager's default. */
function algorithmOf({ algorithm = 'RSA', size }: CertManagerPrivateKey): string {
  switch (algorithm) {
    case 'RSA':
      return `RSA-${size ?? 2048}`;
    case 'ECDSA':
      return `ECDSA-P${size ?? 256}`;
    case 'Ed25519':
      return algorithm;
    default:
      return algorithm satisfies never;
  }
}
