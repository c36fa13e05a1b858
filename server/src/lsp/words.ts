import type { Verb } from '../app/api.ts';

const TITLES: Readonly<Record<Verb, string>> = {
  issue: 'Issue',
  renew: 'Renew',
  rotate: 'Rotate',
  restore: 'Restore',
  revoke: 'Revoke',
  verify: 'Verify',
  destroy: 'Destroy',
};
const DONE: Readonly<Record<Verb, string>> = {
  issue: 'Issued',
  renew: 'Renewed',
  rotate: 'Rotated',
  restore: 'Restored',
  revoke: 'Revoked',
  verify: 'Verified',
  destroy: 'Destroyed',
};

/** `Rotate`, as lenses and buttons say it. */
export function verbTitle(verb: Verb): string {
  return TITLES[verb];
}

/** `Rotated`, as results say it. */
export function verbDone(verb: Verb): string {
  return DONE[verb];
}
