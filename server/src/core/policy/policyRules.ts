import type { RuleMeta } from '../rules/rule.ts';
import { SCHEMA } from './schema/schemaAsks.ts';

/** What policies find by rules that they bring along: their own expressions and their schema. */
export const CUSTOM_RULE: RuleMeta = {
  id: 'custom/rule',
  severity: 'error',
  title: 'A rule that a policy makes itself is not kept',
  why: 'The policy’s `customRules` say in an expression what must be true of each identity that it selects. Findings carry the id of that rule: `custom/owner-on-call`.',
  remedy:
    'Read the message, which the policy’s authors wrote; the related place leads to the expression. `idac policy explain` shows all that is asked of an identity.',
};

const SCHEMA_RULE: RuleMeta = {
  id: SCHEMA,
  severity: 'error',
  title: 'A manifest does not satisfy the schema of a policy',
  why: 'A policy’s `schema` asks for more than the kind’s own: fields that must be there, values that may stand in them.',
  remedy: 'Write what the schema asks for; the related place leads to it.',
};

export const POLICY_RULES: readonly RuleMeta[] = [CUSTOM_RULE, SCHEMA_RULE];
