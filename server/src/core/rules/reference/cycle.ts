import type { ProjectIndex, Reference } from '../../identity/projectIndex.ts';
import type { Resource } from '../../manifest/resource.ts';
import { kindsThatName } from '../../schema/references.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const LONGEST_SHOWN = 4;
const NAMING_THEIR_OWN = kindsThatName((named, by) => named === by);

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'reference/cycle',
    severity: 'error',
    title: 'References of one kind lead back to where they began',
    why: 'A workload is attested by its parent, a bundle holds what it includes: in a circle nothing comes first, so nothing can be made.',
    remedy: 'Remove or change one of the references of the circle. The related places walk it.',
  },
  *check({ index }) {
    const done = new Set<Resource>();
    for (const resource of NAMING_THEIR_OWN.flatMap((kind) => index.ofKind(kind))) {
      for (const circle of circlesFrom(index, resource, done)) yield closed(circle);
    }
  },
};

/** References to a resource of the same kind: parents, included bundles. */
function onward(index: ProjectIndex, from: Resource): readonly Reference[] {
  if (!from.namedKinds.includes(from.kind)) return [];
  return index.referencesFrom(from).filter(({ kind, target }) => kind === from.kind && target !== undefined);
}

/** Walks what is not `done` yet, depth first and without recursion: chains may be as long as a project. */
function* circlesFrom(
  index: ProjectIndex,
  start: Resource,
  done: Set<Resource>,
): Generator<readonly Reference[]> {
  const open = new Set<Resource>();
  const way: { readonly at: Resource; readonly left: Reference[]; by: Reference | undefined }[] = [];
  const enter = (at: Resource, by: Reference | undefined): void => {
    if (done.has(at)) return;
    open.add(at);
    way.push({ at, left: [...onward(index, at)], by });
  };
  enter(start, undefined);
  for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
    const next = here.left.shift();
    if (next?.target === undefined) {
      open.delete(here.at);
      done.add(here.at);
      way.pop();
    } else if (open.has(next.target)) {
      const from = way.findIndex(({ at }) => at === next.target);
      yield [...way.slice(from + 1).flatMap(({ by }) => (by === undefined ? [] : [by])), next];
    } else {
      enter(next.target, next);
    }
  }
}

/** What is said of the last reference of a circle. */
function closed(circle: readonly Reference[]) {
  const names = circle.map(({ from }) => from.name);
  const last = circle.at(-1);
  const [first = ''] = names;
  if (last === undefined) throw new Error('a circle has a reference');
  const way = [...names.slice(0, LONGEST_SHOWN), ...(names.length > LONGEST_SHOWN ? ['…'] : []), first];
  const message =
    circle.length === 1
      ? `${quotable(last.from.name) ?? `this ${last.kind}`} names itself here; name another one or remove it`
      : `this closes a circle: ${way.join(' → ')}; remove one of these references`;
  return report(last.from, last.path, message, {
    related: circle
      .slice(0, -1)
      .map(({ from, path, name }) => relatedTo(from, path, `${from.name} names ${name}`)),
  });
}
