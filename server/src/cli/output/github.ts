import type { Finding, Severity } from '../../core/finding.ts';

const COMMAND: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Workflow commands of GitHub Actions: each finding becomes an annotation at its line. */
export function githubAnnotations(findings: readonly Finding[], shownPath: (file: string) => string): string {
  return findings
    .map(({ severity, rule, message, why, file, range }) => {
      const properties = {
        file: shownPath(file),
        line: range.start.line + 1,
        endLine: range.end.line + 1,
        // Columns of a range over several lines are not allowed.
        ...(range.start.line === range.end.line
          ? { col: range.start.character + 1, endColumn: range.end.character + 1 }
          : {}),
        title: rule,
      };
      const list = Object.entries(properties).map(
        ([name, value]) => `${name}=${escapeProperty(String(value))}`,
      );
      return `::${COMMAND[severity]} ${list.join(',')}::${escapeData(why === undefined ? message : `${message}\n${why}`)}\n`;
    })
    .join('');
}

// The runner ends a command at the end of the line and splits its properties at colons and commas.
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
