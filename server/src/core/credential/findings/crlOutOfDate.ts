import type { RuleMeta } from '../../rules/rule.ts';

export const crlOutOfDate: RuleMeta = {
  id: 'crl/out-of-date',
  severity: 'warning',
  title: 'A revocation list is past its next update',
  why: 'Revocations since then are not in it; strict clients refuse every certificate of the issuer.',
  remedy: 'Fetch or publish the next list.',
  standard: 'RFC 5280, 5.1.2.5',
};
