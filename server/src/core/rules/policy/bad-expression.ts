import type { Location } from '../../finding.ts';
import type { ManifestPath } from '../../manifest/path.ts';
import type { PolicyResource, Resource } from '../../manifest/resource.ts';
import { type ExpressionProblem, readExpression } from '../../policy/cel/expression.ts';
import { kindsOf, unknownFields } from '../../policy/cel/fields.ts';
import { placeInScalar } from '../../text/scalarOffsets.ts';
import type { RuleContext } from '../context.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'policy/bad-expression',
    severity: 'error',
    perResource: true,
    title: 'The expression of a custom rule is wrong',
    why: 'An expression that cannot be read asks nothing of anybody, and one that names a field which does not exist is never true.',
    remedy:
      'Correct it at the character that is marked. Expressions are CEL (github.com/google/cel-spec); completion and hover know the fields of the kinds that the policy selects.',
  },
  *check({ index }) {
    for (const resource of index.resources) {
      if (resource.kind !== 'Policy' || !resource.usable) continue;
      const { spec } = resource as unknown as PolicyResource;
      const kinds = kindsOf(spec.selector);
      for (const [place, { expression }] of (spec.customRules ?? []).entries()) {
        const { value, problems } = readExpression(expression);
        const wrong = value === undefined ? problems : unknownFields(value.references, kinds);
        const path = ['spec', 'customRules', place, 'expression'];
        for (const problem of wrong)
          yield {
            message: problem.message,
            ...locationOf(resource, path, expression, problem),
            related: [],
            fixes: fixesOf(resource, path, expression, problem),
          };
      }
    }
  },
};

function locationOf(
  resource: Resource,
  path: ManifestPath,
  expression: string,
  { start, end }: Pick<ExpressionProblem, 'start' | 'end'>,
): Location {
  const whole = resource.locate(path);
  const source = resource.source(path);
  const range = source === undefined ? whole : placeInScalar(source, expression, whole.start, start, end);
  return { file: resource.file, range };
}

function fixesOf(resource: Resource, path: ManifestPath, expression: string, problem: ExpressionProblem) {
  const { instead } = problem;
  if (instead === undefined) return [];
  const location = locationOf(resource, path, expression, problem);
  return [{ title: `Change to "${instead}"`, preferred: true, edits: [{ ...location, newText: instead }] }];
}
