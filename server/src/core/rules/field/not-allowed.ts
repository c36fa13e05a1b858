import { fieldVerdicts, fieldWords } from '../../policy/fields.ts';
import type { FieldNotAllowedRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<FieldNotAllowedRule>({
  meta: {
    id: 'field/not-allowed',
    severity: 'error',
    title: 'A field of a manifest says what a policy does not allow',
    why: 'Not every decision of a team has a rule of its own. This one is about any field: what it may say, whether it must be there, and where nothing else may stand.',
    remedy: 'Write what the policy allows there, or leave the field out.',
  },
  *judge(judged, { fields = {}, closed = [] }) {
    yield* fieldVerdicts(judged, fields, closed);
  },
  ofField: (place, { fields = {}, closed = [] }) => fieldWords(place, fields, closed),
});
