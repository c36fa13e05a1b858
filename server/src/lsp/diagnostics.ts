/** Findings as the editor shows them. All that a fix needs travels with the diagnostic, so that a code action analyses nothing. */
import { createHash } from 'node:crypto';
import { type Diagnostic, DiagnosticSeverity, type Range } from 'vscode-languageserver/node';
import { rulePage } from '../app/rulePage.ts';
import type { Acts, Finding, Severity } from '../core/finding.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { OpenDocument } from './documents.ts';
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

/** Verbs that put it right, which the server plans and asks about before anything is done. */
export interface ActData extends Acts {
  readonly identity: string;
}

export interface DiagnosticData {
  readonly fixes: readonly FixData[];
  readonly acts?: ActData;
  /** A policy says that no exception is made of it. */
  readonly binding?: true;
}

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** A finding as it was last shown: the same object while its document is the same, so a key makes only its own again. */
interface Shown {
  readonly diagnostic: Diagnostic;
  readonly opened: OpenedProject;
  /** Whether the editor had its file open: a fix for an open file names the lines that it was made for. */
  readonly isOpen: boolean;
  /** As JSON. */
  digest?: string;
}

const shown = new WeakMap<Finding, Shown>();
const shownAs = new WeakMap<Diagnostic, Shown>();

export function diagnosticsOf(
  session: Session,
  opened: OpenedProject,
  findings: readonly Finding[],
  open: ReadonlySet<string> = openPaths(session, opened),
): Diagnostic[] {
  const uris = new Map<string, string>();
  const uriOf = (file: string): string => {
    const known = uris.get(file) ?? opened.uriOf(file);
    uris.set(file, known);
    return known;
  };
  return findings.map((finding) => {
    const isOpen = open.has(finding.file);
    const before = shown.get(finding);
    if (before !== undefined && before.opened === opened && before.isOpen === isOpen)
      return before.diagnostic;
    const diagnostic = diagnosticOf(session, finding, uriOf);
    const now = { diagnostic, opened, isOpen };
    // What points into other files changes with them.
    if (staysInFile(finding)) shown.set(finding, now);
    shownAs.set(diagnostic, now);
    return diagnostic;
  });
}

/** Files of the project that the editor has open: whoever asks for many files at once finds them once. */
export function openPaths(session: Session, opened: OpenedProject): ReadonlySet<string> {
  return new Set(Array.from(session.documents.all()).flatMap(({ uri }) => opened.pathOf(uri) ?? []));
}

function staysInFile({ file, related, fixes }: Finding): boolean {
  return (
    related.every((place) => place.file === file) &&
    fixes.every(({ edits }) => edits.every((edit) => edit.file === file))
  );
}

/** `uriOf`: of the files that it names. */
export function diagnosticOf(
  session: Session,
  finding: Finding,
  uriOf: (file: string) => string,
): Diagnostic {
  const data: DiagnosticData = {
    fixes: finding.fixes.map(({ title, preferred, edits }) => ({
      title,
      preferred,
      edits: edits.map(({ file, range, newText }) => {
        const uri = uriOf(file);
        return { uri, range, newText, lines: digestOfLines(session.documents.get(uri), range) };
      }),
    })),
    ...(finding.acts === undefined || finding.identity === undefined
      ? {}
      : { acts: { ...finding.acts, identity: formatIdentity(finding.identity) } }),
    ...(finding.policy?.binding === true ? { binding: true } : {}),
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
            location: { uri: uriOf(file), range },
            message,
          })),
        }
      : {}),
    data,
  };
}

/** The same diagnostics have the same id, in this session and the next. */
export function resultIdOf(diagnostics: readonly Diagnostic[]): string {
  return digest(diagnostics.map(digestOf).join());
}

function digestOf(diagnostic: Diagnostic): string {
  const known = shownAs.get(diagnostic);
  if (known?.digest !== undefined) return known.digest;
  const made = digest(JSON.stringify(diagnostic));
  if (known !== undefined) known.digest = made;
  return made;
}

/** Null: not open here, so the editor reads it from disk. */
export function digestOfLines(document: OpenDocument | undefined, range: Range): string | null {
  if (document === undefined) return null;
  const end = { line: range.end.line + 1, character: 0 };
  return digest(document.getText({ start: { line: range.start.line, character: 0 }, end }));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
