import type { Choice, Finding, Fix, Severity } from '../finding.ts';
import type { IdentityId } from '../identity/identityId.ts';
import type { Position, Range } from '../text/position.ts';

/** A finding about one document, with ranges from that document's first line: it stays right when the document moves. */
export interface LocalFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly why?: string;
  readonly range: Range;
  readonly related: readonly { readonly message: string; readonly range: Range }[];
  readonly fixes: readonly LocalFix[];
}

export interface LocalFix {
  readonly title: string;
  readonly preferred: boolean;
  readonly edits: readonly { readonly range: Range; readonly newText: string }[];
  readonly choose?: Choice;
}

export function shiftRange(range: Range, lines: number): Range {
  const shift = ({ line, character }: Position): Position => ({ line: line + lines, character });
  return lines === 0 ? range : { start: shift(range.start), end: shift(range.end) };
}

export function toFinding(
  local: LocalFinding,
  file: string,
  startLine: number,
  identity?: IdentityId,
): Finding {
  const place = (range: Range) => ({ file, range: shiftRange(range, startLine) });
  return {
    rule: local.rule,
    severity: local.severity,
    message: local.message,
    ...(local.why === undefined ? {} : { why: local.why }),
    ...(identity === undefined ? {} : { identity }),
    ...place(local.range),
    related: local.related.map(({ message, range }) => ({ message, ...place(range) })),
    fixes: local.fixes.map(
      (fix): Fix => ({
        title: fix.title,
        preferred: fix.preferred,
        ...(fix.choose === undefined ? {} : { choose: fix.choose }),
        edits: fix.edits.map(({ range, newText }) => ({ newText, ...place(range) })),
      }),
    ),
  };
}
