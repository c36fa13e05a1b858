import { KEY_RULES } from '../../core/credential/findings/registry.ts';
import type { RuleMeta } from '../../core/rules/rule.ts';
import { DETECTORS } from '../../core/secrets/generated/registry.ts';
import { NOT_SECRET_RULES } from '../../core/secrets/notSecrets/rules.ts';

/** All that a scan of files reports. */
export const SCAN_RULES: readonly RuleMeta[] = [
  ...DETECTORS.flatMap((each) => each.rules),
  ...NOT_SECRET_RULES,
  ...KEY_RULES,
];
