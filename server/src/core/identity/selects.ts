import type { Resource } from '../manifest/resource.ts';
import type { LabelExpression, Selector } from '../schema/generated/specs.ts';
import { matchesGlob } from '../text/glob.ts';

/** What a selector can ask of a resource. */
export type Selectable = Pick<Resource, 'kind' | 'namespace' | 'file' | 'selection'>;

/**
 * Whether a resource is among those that a selector means; left out, it means all. Labels are read as Kubernetes does.
 * `defaultTeam`: who owns what names no owner.
 */
export function selects(
  selector: Selector | undefined,
  { kind, namespace, file, selection }: Selectable,
  defaultTeam?: string,
): boolean {
  if (selector === undefined) return true;
  const { matchLabels = {}, matchExpressions = [], matchKinds } = selector;
  const { matchNamespaces, matchPaths, matchIssuers, matchBackends, matchOwners } = selector;
  const { labels, issuer, backends, team = defaultTeam } = selection;
  const kinds: readonly string[] | undefined = matchKinds;
  const fits = (patterns: readonly string[], text: string | undefined, separator = ''): boolean =>
    text !== undefined && patterns.some((each) => matchesGlob(each, text, separator));
  return (
    (kinds?.includes(kind) ?? true) &&
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every((expression) => holds(expression, labels[expression.key])) &&
    (matchNamespaces === undefined || fits(matchNamespaces, namespace)) &&
    (matchPaths === undefined || fits(matchPaths, file, '/')) &&
    (matchIssuers === undefined || fits(matchIssuers, issuer)) &&
    (matchBackends === undefined || backends.some((each) => fits(matchBackends, each))) &&
    (matchOwners === undefined || fits(matchOwners, team))
  );
}

function holds({ operator, values = [] }: LabelExpression, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return operator satisfies never;
  }
}
