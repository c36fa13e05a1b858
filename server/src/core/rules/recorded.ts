import type { Generation, IdentityRecord } from '../lifecycle/record.ts';
import type { CertificateResource } from '../manifest/resource.ts';
import type { RuleContext } from './context.ts';

/** Where findings about what was recorded stand in a manifest. */
export const NAME = ['metadata', 'name'];

/** Each declared certificate once (the first of two manifests counts), with its record where there is one. */
export function* recordedCertificates({ index, records }: RuleContext): Iterable<{
  readonly resource: CertificateResource;
  readonly record: IdentityRecord;
}> {
  if (records.size === 0) return;
  const seen = new Set<string>();
  for (const resource of index.certificates()) {
    const { key } = resource;
    const record = records.get(key);
    if (resource.usable && record !== undefined && !seen.has(key)) yield { resource, record };
    seen.add(key);
  }
}

/** The newest live certificate of each bearer, with the manifest that declares it. */
export function* liveCertificates(
  context: RuleContext,
): Iterable<{ readonly resource: CertificateResource; readonly generation: Generation }> {
  for (const { resource, record } of recordedCertificates(context)) {
    for (const live of record.live.values()) {
      const generation = live.at(-1);
      if (generation !== undefined) yield { resource, generation };
    }
  }
}

/** ` of machine payments-1`, or nothing where no machine bears it. */
export function of({ machine }: Generation): string {
  return machine === null ? '' : ` of machine ${machine}`;
}
