import * as vscode from 'vscode';
import type { ViewerStrings } from './webview/viewer/messages.ts';

/** The viewer's own words; what it says of credentials comes from the server. */
export function viewerStrings(): ViewerStrings {
  const { t } = vscode.l10n;
  return {
    loading: t('Reading…'),
    chain: t('Chain'),
    chains: t('Chain {0} of {1}'),
    contents: t('What is in it'),
    findings: t('Findings'),
    belongsTo: t('Belongs to'),
    on: t('{0} on {1}'),
    deliveredHere: t('Delivered to this file'),
    openManifest: t('Open Manifest'),
    openAsText: t('Open as Text'),
    save: t('Save As…'),
    passphrase: t('Enter Passphrase…'),
    wrongPassphrase: t('The passphrase that was given does not open it.'),
    copy: t('Copy {0}'),
    copied: t('Copied: {0}'),
    showAll: t('Show All {0} Characters'),
    showLess: t('Show Less'),
    left: t('{0} more characters are not shown here.'),
    more: t('Show {0} More of {1}'),
    moreCards: t('Show {0} More of {1} Credentials'),
    rows: t('{0} of {1} rows'),
    none: t('None'),
    explain: t('Explain {0}'),
    elapsed: t('{0} % of its lifetime is over'),
    inside: t('in {0}'),
    good: t('In order'),
    attention: t('Needs attention'),
    bad: t('Wrong'),
    error: t('Error'),
    warning: t('Warning'),
    info: t('Note'),
  };
}
