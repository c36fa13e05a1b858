import type { Finding } from '../../core/finding.ts';

/** `FILE:LINE:COLUMN: SEVERITY: MESSAGE [RULE]`, one a line, as compilers print it: for editors, pagers and grep. */
export function findingLines(findings: readonly Finding[], shownPath: (file: string) => string): string {
  return findings
    .map(({ severity, rule, message, file, range: { start } }) => {
      const place = `${shownPath(file)}:${start.line + 1}:${start.character + 1}`;
      return `${place}: ${severity}: ${message.replaceAll(/\s*[\r\n]+\s*/g, ' ')} [${rule}]\n`;
    })
    .join('');
}
