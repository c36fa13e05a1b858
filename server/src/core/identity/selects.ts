import type { Resource } from '../manifest/resource.ts';
import type { LabelExpression, Selector } from '../schema/generated/specs.ts';

/** Whether a resource is among those that a selector means; left out, it means all. As Kubernetes reads such conditions. */
export function selects(
  selector: Selector | undefined,
  { kind, labels }: Pick<Resource, 'kind' | 'labels'>,
): boolean {
  const { matchLabels = {}, matchExpressions = [], matchKinds } = selector ?? {};
  const kinds: readonly string[] | undefined = matchKinds;
  return (
    (kinds?.includes(kind) ?? true) &&
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every((expression) => holds(expression, labels[expression.key]))
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
