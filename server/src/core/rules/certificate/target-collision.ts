import { formatIdentity } from '../../identity/identityId.ts';
import type { ManifestPath } from '../../manifest/path.ts';
import type { CertificateResource } from '../../manifest/resource.ts';
import type { CertificateSpec } from '../../schema/generated/specs.ts';
import type { RuleContext } from '../context.ts';
import { perValue } from '../perValue.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

interface Write {
  readonly certificate: CertificateResource;
  readonly path: ManifestPath;
}

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'certificate/target-collision',
    severity: 'error',
    title: 'Two deliveries write to the same place',
    why: 'The later one overwrites the earlier. Whoever reads there gets the wrong certificate, or a key that does not fit.',
    remedy:
      'Give each delivery a path of its own. What belongs into one file is one delivery with several contents.',
  },
  *check({ index }) {
    const first = new Map<string, Write>();
    for (const certificate of index.certificates()) {
      if (!certificate.usable || index.get(certificate) !== (certificate as unknown)) continue;
      for (const { path, targets } of deliveriesOf(certificate.spec)) {
        let other: Write | undefined;
        for (const target of targets) {
          const write = first.get(target);
          if (write === undefined) first.set(target, { certificate, path });
          else other ??= write;
        }
        if (other === undefined) continue;
        const whose =
          other.certificate === certificate ? 'another delivery' : formatIdentity(other.certificate.id);
        yield report(certificate, path, `${whose} writes to this path, too; give each its own`, {
          related: [relatedTo(other.certificate, other.path, 'the other one')],
        });
      }
    }
  },
};

const deliveriesOf = perValue((spec: CertificateSpec) =>
  (spec.deliverTo ?? []).map(({ backend, as = '', path }, place) => ({
    path: ['spec', 'deliverTo', place, 'path'],
    targets: writtenPaths(spec, path).map((written) => JSON.stringify([backend, as, written])),
  })),
);

/** Paths as they are written in the end, in the one form that they have for a disk that ignores case. */
function writtenPaths(spec: CertificateSpec, path: string): readonly string[] {
  const machines = spec.machines ?? [];
  const written = path.includes('{machine}')
    ? machines.map((machine) => path.replaceAll('{machine}', machine))
    : [path];
  return written.map((each) =>
    each
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/')
      .toLowerCase(),
  );
}
