import type { Generation, IdentityRecord } from '../lifecycle/record.ts';
import type { IdentityResource } from '../manifest/resource.ts';
import type { RuleContext } from './context.ts';

/** Where findings about what was recorded stand in a manifest. */
export const NAME = ['metadata', 'name'];

/** Each declared identity once (the first of two manifests counts), with its record where there is one. */
export function* recordedIdentities({ index, records }: Pick<RuleContext, 'index' | 'records'>): Iterable<{
  readonly resource: IdentityResource;
  readonly record: IdentityRecord;
}> {
  if (records.size === 0) return;
  for (const resource of index.identities()) {
    const record = records.get(resource.key);
    if (record === undefined || !resource.usable) continue;
    // An index that is asked about one resource alone knows the others, or none while they are read.
    const first: object | undefined = index.get(resource);
    if (first === undefined || first === resource) yield { resource, record };
  }
}

/** ` of machine payments-1`, or nothing where no machine bears it. */
export function of({ machine }: Generation): string {
  return machine === null ? '' : ` of machine ${machine}`;
}
