import type { Finding, Location, PolicySource } from '../../core/finding.ts';
import type { Position, Range } from '../../core/text/position.ts';

/** The contract's shape of a finding: 1-based lines and columns (UTF-16 code units), `end` is the first place after it. */
export function findingJson(finding: Finding): Readonly<Record<string, unknown>> {
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    ...(finding.why === undefined ? {} : { why: finding.why }),
    ...placeJson(finding),
    ...(finding.identity === undefined ? {} : { identity: finding.identity }),
    ...(finding.policy === undefined ? {} : { policy: policyJson(finding.policy) }),
    related: finding.related.map((each) => ({ message: each.message, ...placeJson(each) })),
    fixes: finding.fixes.map((fix) => ({
      title: fix.title,
      preferred: fix.preferred,
      edits: fix.edits.map((edit) => ({ ...placeJson(edit), newText: edit.newText })),
    })),
  };
}

function policyJson(policy: PolicySource): Readonly<Record<string, unknown>> {
  const { name, origin, binding, digest, cites } = policy;
  return {
    name,
    origin,
    ...(digest === undefined ? {} : { digest }),
    ...(cites === undefined ? {} : { cites }),
    binding,
    ...placeJson(policy),
  };
}

function placeJson(place: Location): { readonly file: string; readonly range: unknown } {
  return { file: place.file, range: rangeJson(place.range) };
}

export function rangeJson(range: Range): unknown {
  return { start: positionJson(range.start), end: positionJson(range.end) };
}

function positionJson(position: Position): unknown {
  return { line: position.line + 1, column: position.character + 1 };
}
