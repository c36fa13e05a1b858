import * as vscode from 'vscode';

/** What the view *Inventory* can be grouped by. */
export const GROUPINGS = [
  'kind',
  'backend',
  'issuer',
  'owner',
  'machine',
  'criticality',
  'exposure',
  'algorithm',
  'file',
] as const;
type Grouping = (typeof GROUPINGS)[number];

const LABEL = 'label:';

/** `owner`, as a choice and behind the view's name say it; a label by its own key. */
export function groupingName(groupBy: string): string {
  if (groupBy.startsWith(LABEL)) return vscode.l10n.t('label {0}', groupBy.slice(LABEL.length));
  return texts(groupBy as Grouping).name;
}

/** What stands over those that have no such thing. */
export function withoutIt(groupBy: string): string {
  if (groupBy.startsWith(LABEL)) return vscode.l10n.t('Without this label');
  return texts(groupBy as Grouping).without;
}

/** Undefined: it cannot be grouped by that any more. */
export function readGrouping(kept: unknown): string | undefined {
  if (typeof kept !== 'string') return undefined;
  if (kept.startsWith(LABEL) && kept.length > LABEL.length) return kept;
  return GROUPINGS.find((grouping) => grouping === kept);
}

export function labelGrouping(key: string): string {
  return `${LABEL}${key}`;
}

function texts(grouping: Grouping): { readonly name: string; readonly without: string } {
  const { t } = vscode.l10n;
  switch (grouping) {
    case 'kind':
      return { name: t('kind'), without: t('Without kind') };
    case 'backend':
      return { name: t('backend'), without: t('No backend') };
    case 'issuer':
      return { name: t('issuer'), without: t('Not issued yet') };
    case 'owner':
      return { name: t('owner'), without: t('No owner') };
    case 'machine':
      return { name: t('machine'), without: t('No machine') };
    case 'criticality':
      return { name: t('criticality'), without: t('Criticality not said') };
    case 'exposure':
      return { name: t('exposure'), without: t('Exposure not said') };
    case 'algorithm':
      return { name: t('algorithm'), without: t('No key of its own') };
    case 'file':
      return { name: t('file'), without: t('No manifest any more') };
    default:
      return grouping satisfies never;
  }
}
