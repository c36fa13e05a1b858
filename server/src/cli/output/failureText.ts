import type { Failure } from '../../app/failure.ts';
import { type Line, line, paragraph, span } from './text.ts';

/** What went wrong, and under it what to do next. */
export function failureLines(failure: Failure, columns: number): readonly Line[] {
  const lead = failure.exitCode === 1 ? span('refused', 'warning') : span('error', 'error');
  return [
    ...paragraph(line(span('idac ', 'quiet'), lead, '  '), failure.what, columns),
    ...(failure.hint === ''
      ? []
      : paragraph(line('     ', span('next', 'accent'), '   '), failure.hint, columns)),
  ];
}
