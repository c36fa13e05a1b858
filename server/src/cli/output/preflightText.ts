import type { PreflightCheck } from '../../app/api.ts';
import { checklist } from './checklistText.ts';
import { BLANK, type Line, line, span } from './text.ts';

/** Under a plan: what was looked at for its steps before any of them is taken. Nothing where nothing was. */
export function preflightText(checks: readonly PreflightCheck[], columns: number): readonly Line[] {
  if (checks.length === 0) return [];
  const items = checks.map(({ step, backend, what, ...rest }) => ({
    ...rest,
    what: [
      ...(step === null ? [] : [`step ${step}`]),
      ...(backend === undefined ? [] : [backend]),
      what,
    ].join(' · '),
  }));
  return [BLANK, line(span('Checked before', 'strong')), ...checklist(items, columns)];
}
