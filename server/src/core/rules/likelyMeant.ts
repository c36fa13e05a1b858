import type { Fix } from '../finding.ts';
import type { Reference } from '../identity/projectIndex.ts';
import { formerlyNamed, nameIn, namesakes, referenceText } from '../identity/references.ts';
import type { Resource } from '../manifest/resource.ts';
import { nearest } from '../text/nearest.ts';
import type { RuleContext } from './context.ts';
import { replaceValue } from './report.ts';

const MOST_FIXES = 5;

export interface LikelyMeant {
  /** Half a sentence after a semicolon; undefined where nothing is like it. */
  readonly hint: string | undefined;
  /** The nearest first, then what else could stand there. */
  readonly fixes: readonly Fix[];
}

/** What a reference that leads nowhere may mean: what it is called now, the same name elsewhere, a name that is near. */
export function likelyMeant(
  { index, backendRoles }: Pick<RuleContext, 'index' | 'backendRoles'>,
  reference: Reference,
): LikelyMeant {
  const { from, kind, role, saysKind, path } = reference;
  const textOf = (resource: Resource): string => referenceText(index, resource, from.namespace, saysKind);
  const plays = ({ spec }: Resource): boolean =>
    role === undefined ||
    typeof spec['type'] !== 'string' ||
    (backendRoles.get(spec['type'])?.includes(role) ?? true);
  const candidates = index.ofKind(kind).filter((each) => each.key !== from.key);
  const able = candidates.filter(plays);
  const renamed = formerlyNamed(index, reference, from.namespace);
  const likely =
    renamed !== undefined
      ? [renamed]
      : [...namesakes(index, reference), ...near(reference, able, candidates)];
  const close = unique(likely.map(textOf));
  const others = unique(able.map(textOf)).filter((text) => !close.includes(text));
  const [first] = close;
  const fixes = [...close, ...others]
    .slice(0, MOST_FIXES)
    .map((text, place) => replaceValue(from, path, text, place === 0 && first !== undefined));
  if (first === undefined) return { hint: undefined, fixes };
  return { hint: renamed === undefined ? `did you mean "${first}"?` : `it is called "${first}" now`, fixes };
}

/** By spelling; those that can do what is asked first. */
function near(
  reference: Reference,
  able: readonly Resource[],
  candidates: readonly Resource[],
): readonly Resource[] {
  const name = nameIn(reference);
  const written = ({ namespace, name: plain }: Resource): string =>
    name.includes('/') ? `${namespace}/${plain}` : plain;
  return [able, candidates].flatMap((some) =>
    nearest(name, unique(some.map(written))).flatMap((text) => some.filter((each) => written(each) === text)),
  );
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
