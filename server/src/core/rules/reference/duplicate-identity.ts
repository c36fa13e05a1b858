import { folderOf, isObserved, isPatch } from '../../identity/certManager.ts';
import type { Resource } from '../../manifest/resource.ts';
import type { RuleContext } from '../context.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const NAME = ['metadata', 'name'];

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'reference/duplicate-identity',
    severity: 'error',
    title: 'Two manifests declare the same resource',
    why: 'Kind, namespace and name are what a record is kept under and what references find. With two of them, nobody can tell which one holds.',
    remedy: 'Give one of them another name or namespace, or remove it.',
  },
  *check({ index }) {
    for (const resource of index.repeated) {
      const first = index.get(resource);
      if (first === undefined || isVariant(resource, first)) continue;
      yield declaredTwice(resource, first, 'the first one');
      // Whoever has the other file open is to see it, too.
      if (first.file !== resource.file) yield declaredTwice(first, resource, 'the other one');
    }
  },
};

function declaredTwice(resource: Resource, other: Resource, which: string) {
  const shown = resource.key.replace('//', '/');
  const where = resource.file === other.file ? 'already' : `in ${other.file}, too`;
  const message = `${shown} is declared ${where}; give one of them another name`;
  return report(resource, NAME, message, { related: [relatedTo(other, NAME, which)] });
}

/** Overlays and clusters have a folder each, where the same object of Kubernetes is declared again or patched. */
function isVariant(resource: Resource, first: Resource): boolean {
  if (!isObserved(resource.id)) return false;
  return folderOf(resource) !== folderOf(first) || isPatch(resource.spec) || isPatch(first.spec);
}
