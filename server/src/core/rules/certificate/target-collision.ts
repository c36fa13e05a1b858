import type { ManifestPath } from '../../manifest/path.ts';
import type { CertificateResource } from '../../manifest/resource.ts';
import type { CertificateSpec } from '../../schema/generated/specs.ts';
import type { RuleContext } from '../context.ts';
import { overlapsBy } from '../overlaps.ts';
import { perValue } from '../perValue.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

interface Delivery {
  readonly path: ManifestPath;
  /** One for each machine, as strings that are the same for the same place. */
  readonly targets: readonly string[];
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
    const all = index.certificates();
    const repeated: ReadonlySet<unknown> = new Set(index.repeated);
    const counting = repeated.size === 0 ? all : all.filter((certificate) => !repeated.has(certificate));
    const overlaps = sameTarget(counting);
    if (overlaps.length === 0) return;
    const bearers = new Map(
      counting.flatMap((certificate) => writtenBy(certificate).map((each) => [each, certificate])),
    );
    const told = new Set<Delivery>();
    for (const { items } of overlaps) {
      const [first, ...others] = items;
      const firstBearer = first && bearers.get(first);
      for (const other of others) {
        const certificate = bearers.get(other);
        if (firstBearer === undefined || first === undefined || certificate === undefined || told.has(other))
          continue;
        told.add(other);
        const whose = firstBearer === certificate ? 'another delivery' : firstBearer.key;
        yield report(certificate, other.path, `${whose} writes to this path, too; give each its own`, {
          related: [relatedTo(firstBearer, first.path, 'the other one')],
        });
      }
    }
  },
};

const deliveriesOf = perValue((spec: CertificateSpec): readonly Delivery[] =>
  (spec.deliverTo ?? []).map(({ backend, as = '', path }, place) => ({
    path: ['spec', 'deliverTo', place, 'path'],
    targets: writtenPaths(spec, path).map((written) => JSON.stringify([backend, as, written])),
  })),
);

const writtenBy = ({ usable, spec }: CertificateResource): readonly Delivery[] =>
  usable ? deliveriesOf(spec) : [];

const sameTarget = overlapsBy(writtenBy, ({ targets }: Delivery) => targets);

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
