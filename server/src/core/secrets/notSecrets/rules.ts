import type { RuleMeta } from '../../rules/rule.ts';

export const NOT_SECRET_MALFORMED: RuleMeta = {
  id: 'not-a-secret/malformed',
  severity: 'error',
  title: 'An entry that should set a finding aside does not say enough',
  why: 'A judgement without a reason or an end stays for ever, and nobody dares to remove it. Until the entry is complete it has no effect.',
  remedy:
    'Each entry of `.identity/not-secrets.yaml` has `rule`, `hash`, `path`, `reason` and `until: YYYY-MM-DD`. `idac accept FILE:LINE` writes one.',
};

export const NOT_SECRET_EXPIRED: RuleMeta = {
  id: 'not-a-secret/expired',
  severity: 'warning',
  title: 'A finding was judged to be no secret until a day that is over',
  why: 'What was true of a value when it was looked at may not be true any more. The finding shows again.',
  remedy: 'Look at the value again: remove the entry, or give it a new day and a reason that still holds.',
};

export const NOT_SECRET_STALE: RuleMeta = {
  id: 'not-a-secret/stale',
  severity: 'warning',
  title: 'An entry sets aside a finding that is not there',
  why: 'The value was changed, or the file was moved or removed. What nobody needs any more hides in a long list what somebody should look at.',
  remedy: 'Remove the entry from `.identity/not-secrets.yaml`.',
};

export const NOT_SECRET_RULES: readonly RuleMeta[] = [
  NOT_SECRET_MALFORMED,
  NOT_SECRET_EXPIRED,
  NOT_SECRET_STALE,
];
