/** Findings as the editor shows them. All that a fix needs travels with the diagnostic, so that a code action analyses nothing. */
import { createHash } from 'node:crypto';
import { type Diagnostic, DiagnosticSeverity, type Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { rulePage } from '../app/rulePage.ts';
import type { Finding, Severity } from '../core/finding.ts';
import type { OpenedProject } from './projects.ts';
import type { Session } from './session.ts';

export interface EditData {
  readonly uri: string;
  readonly range: Range;
  readonly newText: string;
  /** Digest of the lines that it touches, as they were: an edit made for another text is not offered. */
  readonly lines: string | null;
}

export interface FixData {
  readonly title: string;
  readonly preferred: boolean;
  readonly edits: readonly EditData[];
}

export interface DiagnosticData {
  readonly fixes: readonly FixData[];
}

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

export function diagnosticsOf(
  session: Session,
  opened: OpenedProject,
  findings: readonly Finding[],
): Diagnostic[] {
  return findings.map((finding) => {
    const data: DiagnosticData = {
      fixes: finding.fixes.map(({ title, preferred, edits }) => ({
        title,
        preferred,
        edits: edits.map(({ file, range, newText }) => {
          const uri = opened.uriOf(file);
          return { uri, range, newText, lines: digestOfLines(session.documents.get(uri), range) };
        }),
      })),
    };
    return {
      range: finding.range,
      severity: SEVERITY[finding.severity],
      code: finding.rule,
      codeDescription: { href: rulePage(finding.rule) },
      source: 'idac',
      message: finding.why === undefined ? finding.message : `${finding.message}\n${finding.why}`,
      ...(session.client.showsRelated && finding.related.length > 0
        ? {
            relatedInformation: finding.related.map(({ file, range, message }) => ({
              location: { uri: opened.uriOf(file), range },
              message,
            })),
          }
        : {}),
      data,
    };
  });
}

/** The same diagnostics have the same id, in this session and the next. */
export function resultIdOf(diagnostics: readonly Diagnostic[]): string {
  return digest(JSON.stringify(diagnostics));
}

/** Null: not open here, so the editor reads it from disk. */
export function digestOfLines(document: TextDocument | undefined, range: Range): string | null {
  if (document === undefined) return null;
  const end = { line: range.end.line + 1, character: 0 };
  return digest(document.getText({ start: { line: range.start.line, character: 0 }, end }));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
