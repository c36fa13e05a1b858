import { rule } from '../../rules/certificate/expired.ts';
import type { RuleMeta } from '../../rules/rule.ts';

/** The same rule as for certificates in use: one id has one page. */
export const certificateExpired: RuleMeta = rule.meta;
