import type { ProjectIndex } from '../../identity/projectIndex.ts';
import { selects } from '../../identity/selects.ts';
import { isObject } from '../../manifest/path.ts';
import type { Resource } from '../../manifest/resource.ts';
import type { Ask } from '../../policy/boundPolicy.ts';
import { asksOf } from '../../policy/effectivePolicy.ts';
import { policiesOf } from '../../policy/policiesInForce.ts';
import type { Allowance, KeyPolicy } from './keyPolicy.ts';

/** In the order of the policies. */
export function keyPolicies(index: ProjectIndex, rule: string): readonly KeyPolicy[] {
  return policiesOf(index).flatMap((policy) => asksOf(policy).flatMap((ask) => policyOf(ask, index, rule)));
}

function policyOf(ask: Ask, index: ProjectIndex, rule: string): readonly KeyPolicy[] {
  if (ask.rule !== rule) return [];
  const { name, spec } = ask.policy.resource;
  const { allow } = ask.parameters;
  const { selector } = spec;
  const isSelected = (resource: Resource | undefined) =>
    resource !== undefined && selects(selector, resource);
  return [
    {
      name,
      severity: ask.severity,
      allow: Array.isArray(allow) ? allow.flatMap(allowanceOf) : [],
      covers: (bearers) =>
        selector === undefined ||
        bearers.some(({ claim }) => claim !== undefined && isSelected(index.get(claim.identity))),
    },
  ];
}

/** One without a reason allows nothing: who reads the policy in a year must find it. */
function allowanceOf(entry: unknown): readonly Allowance[] {
  if (!isObject(entry) || typeof entry['reason'] !== 'string' || entry['reason'].trim() === '') return [];
  const { key, until, identities, files } = entry;
  return [
    {
      key: typeof key === 'string' ? key.toLowerCase() : undefined,
      until: typeof until === 'string' ? until : undefined,
      identities: new Set(textsOf(identities)),
      files: textsOf(files),
    },
  ];
}

function textsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}
