import { isPatch } from '../identity/certManager.ts';
import type { LocalFinding } from '../manifest/localFinding.ts';
import { type JsonValue, valueAt } from '../manifest/path.ts';

const DROPPED = 'The API server drops it without a word, unless strict validation is asked for.';

/**
 * Schema findings as cert-manager's API server would have them: it drops a field that it does not know. A patch, which
 * names neither Secret nor issuer, has the rest in another file.
 */
export function asCertManagerReads(
  findings: readonly LocalFinding[],
  value: JsonValue,
): readonly LocalFinding[] {
  return findings.flatMap((finding): readonly LocalFinding[] => {
    if (finding.rule === 'manifest/unknown-field') return [{ ...finding, severity: 'warning', why: DROPPED }];
    const isElsewhere = finding.rule === 'manifest/missing-field' && isPatch(valueAt(value, ['spec']));
    return isElsewhere ? [] : [finding];
  });
}
