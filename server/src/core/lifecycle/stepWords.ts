import type { StepVerb } from './plan.ts';

const STEP_WORDS: Readonly<Record<StepVerb, string>> = {
  'make-key': 'make the key',
  'read-request': 'read the request',
  issue: 'issue',
  deliver: 'deliver',
  reload: 'reload',
  'put-back': 'put back',
  verify: 'verify',
  supersede: 'supersede',
  revoke: 'revoke',
  publish: 'publish',
  'destroy-copy': 'destroy the copy',
  'destroy-key': 'destroy the key',
  'erase-staged': 'erase the staged key',
};

const TOKEN_WORDS: Partial<Record<StepVerb, string>> = {
  'destroy-key': 'destroy the token',
  'erase-staged': 'erase the staged token',
};

/** What a step is called in plans and results of that kind of identity. */
export function stepWords(verb: StepVerb, kind: string): string {
  return (kind === 'Token' ? TOKEN_WORDS[verb] : undefined) ?? STEP_WORDS[verb];
}
