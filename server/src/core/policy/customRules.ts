import type { JsonObject, ManifestPath } from '../manifest/path.ts';
import type { CustomRule } from '../schema/generated/specs.ts';
import { type Ask, type BoundPolicy, isWaivable } from './boundPolicy.ts';
import { readExpression } from './cel/expression.ts';
import type { Judged, Verdict } from './judged.ts';

/** Of a rule that a policy makes itself: `custom/<id>`. */
export const CUSTOM = 'custom/';

/** The rules that a policy makes itself. One whose expression is wrong asks nothing, and is a finding. */
export function customAsks(policy: BoundPolicy): readonly Ask[] {
  return (policy.resource.spec.customRules ?? []).map((custom, place) => {
    const { id, severity, waivable, cites } = custom;
    return {
      rule: CUSTOM + id,
      policy,
      path: ['spec', 'customRules', place],
      severity: severity ?? 'error',
      parameters: custom as unknown as JsonObject,
      overridable: false,
      waivable: isWaivable(policy.origin, waivable),
      ...(cites === undefined ? {} : { cites }),
      judge: (judged) => judgeCustom(judged, custom),
    };
  });
}

/** In a check the policy itself says so; an action would rest on a rule that nobody asked. */
const UNREAD: Verdict = {
  path: ['metadata', 'name'],
  message: 'a rule for this cannot be read, so whether it is kept is not known; correct its expression',
};

function judgeCustom(judged: Judged, { expression, message, field }: CustomRule): readonly Verdict[] {
  const { value: program } = readExpression(expression);
  if (program === undefined) return judged.acting === undefined ? [] : [UNREAD];
  const { resource, day, manifest } = judged;
  const found = program.evaluate({
    identity: manifest,
    labels: resource.labels,
    now: new Date(`${day}T00:00:00Z`),
  });
  if (found.answer === 'yes') return [];
  const path = field === undefined ? placeOf(program.references.map((each) => each.path)) : fieldPath(field);
  return [{ path, message, ...(found.answer === 'unclear' ? { why: `Not kept: ${found.why}.` } : {}) }];
}

/** What it speaks of first, as far as it names one place. */
function placeOf(paths: readonly ManifestPath[]): ManifestPath {
  const longest = paths.filter((path) => !paths.some((other) => other !== path && isBelow(other, path)));
  const [first = ['metadata', 'name']] = longest;
  const item = first.indexOf(0);
  return item === -1 ? first : first.slice(0, item);
}

function isBelow(path: ManifestPath, other: ManifestPath): boolean {
  return path.length > other.length && other.every((step, place) => path[place] === step);
}

function fieldPath(field: string): ManifestPath {
  return field.split('.');
}
