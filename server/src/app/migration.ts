import { CERT_MANAGER_CERTIFICATE } from '../core/identity/certManager.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import { relationsOf } from '../core/impact/relations.ts';
import { cryptoReader } from '../core/impact/replacement/credentialCrypto.ts';
import { type MigrationPlan, migrationPlan } from '../core/migration/plan.ts';
import type { Purpose, RuleSet } from '../core/migration/ruleSets.ts';
import { nodeHasher } from '../platform/crypto/hasher.ts';
import type { InventoryRow } from './api.ts';
import { lifetimesOf } from './outlook.ts';
import { publicTexts, type ReplacementInput } from './replacement.ts';

/** Of the embedded authority, where its manifest says nothing. */
const DEFAULT_AUTHORITY = 'ECDSA-P256';
const SIGNING: ReadonlySet<string> = new Set(['codeSigning', 'code signing', 'timeStamping', 'timestamping']);

/** The project's way to what lasts, by its manifests and its record; nobody is contacted. */
export function migrationOf(
  { rows, events, offers }: ReplacementInput,
  index: ProjectIndex,
  rules: RuleSet,
  now: Date,
): MigrationPlan {
  const anchored = relationsOf(index).filter(({ tie }) => tie === 'anchored');
  return migrationPlan({
    lifetimes: lifetimesOf(rows, index, ''),
    rules,
    now,
    offers,
    cryptoOf: cryptoReader(publicTexts(events), nodeHasher),
    purposeOf: (row) => purposeOf(row, index),
    authorityAlgorithm: (name) => configuredAlgorithm(name, index),
    ownerOf: (key) => ownerOf(key, index),
    bundlesOf: (backend) => anchored.flatMap(({ from, to }) => (to === `Backend/${backend}` ? [from] : [])),
  });
}

function purposeOf(row: InventoryRow, index: ProjectIndex): Purpose {
  const usages = usagesOf(row, index);
  if (usages.some((usage) => SIGNING.has(usage))) return 'codeSigning';
  const isDevice = row.machines.some((name) => {
    const machine = index.find('Machine', name, row.namespace);
    return machine?.usable === true && machine.spec['type'] === 'iot';
  });
  return isDevice ? 'device' : 'other';
}

function usagesOf({ kind, namespace, name }: InventoryRow, index: ProjectIndex): readonly string[] {
  if (kind !== 'Certificate' && kind !== CERT_MANAGER_CERTIFICATE) return [];
  const resource = index.get({ kind, namespace, name });
  const usages = resource?.usable === true ? resource.spec['usages'] : undefined;
  return Array.isArray(usages) ? usages.filter((usage): usage is string => typeof usage === 'string') : [];
}

function configuredAlgorithm(name: string, index: ProjectIndex): string | undefined {
  const backend = index.backend(name);
  if (backend?.usable !== true || backend.spec.type !== 'local') return undefined;
  const authority = backend.spec['authority'];
  const own =
    typeof authority === 'object' && authority !== null && 'keyAlgorithm' in authority
      ? authority.keyAlgorithm
      : undefined;
  return typeof own === 'string' ? own : DEFAULT_AUTHORITY;
}

function ownerOf(key: string, index: ProjectIndex): string | null {
  const resource = index.get({ kind: '', namespace: '', name: '', key });
  const owner: unknown = resource?.usable === true ? resource.spec['owner'] : undefined;
  return typeof owner === 'object' && owner !== null && 'team' in owner && typeof owner.team === 'string'
    ? owner.team
    : null;
}
