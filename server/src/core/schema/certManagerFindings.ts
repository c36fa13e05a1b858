import { isFilledInLater, isPatch } from '../identity/certManager.ts';
import type { LocalFinding } from '../manifest/localFinding.ts';
import { type JsonValue, valueAt } from '../manifest/path.ts';
import type { SchemaMistake } from './schemaErrors.ts';

const DROPPED = 'The API server drops it without a word, unless strict validation is asked for.';
const PASSED_ON = 'cert-manager passes it on as it is; most issuers refuse it.';

/** Whether a value that is filled in later may then be what the schema asks for. */
export function isUndecided({ keyword, params, path }: SchemaMistake, value: JsonValue): boolean {
  const isScalar = keyword === 'enum' || params['type'] === 'integer' || params['type'] === 'boolean';
  const found = isScalar ? valueAt(value, path) : undefined;
  return typeof found === 'string' && isFilledInLater(found);
}

/**
 * Findings of schema and formats as cert-manager's API server would have them: it drops a field that it does not know, and
 * leaves names to the issuer. A patch, which names neither Secret nor issuer, has the rest in another file.
 */
export function asCertManagerReads(
  findings: readonly LocalFinding[],
  value: JsonValue,
): readonly LocalFinding[] {
  return findings.flatMap((finding): readonly LocalFinding[] => {
    switch (finding.rule) {
      case 'manifest/unknown-field':
        return [{ ...finding, severity: 'warning', why: DROPPED }];
      case 'manifest/bad-dns-name':
      case 'manifest/bad-uri':
        return [{ ...finding, severity: 'warning', why: PASSED_ON }];
      case 'manifest/missing-field':
        return isPatch(valueAt(value, ['spec'])) ? [] : [finding];
      default:
        return [finding];
    }
  });
}
