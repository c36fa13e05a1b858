/** The table's features, one file each. Adding one is a file and a line here. */
import { audit } from './features/audit.ts';
import { backends } from './features/backends.ts';
import { codeAction } from './features/codeAction.ts';
import { codeLens } from './features/codeLens.ts';
import { completion } from './features/completion.ts';
import { configuration } from './features/configuration.ts';
import { dashboard } from './features/dashboard.ts';
import { documentLink } from './features/documentLink.ts';
import { documentSymbol } from './features/documentSymbol.ts';
import { documentSync } from './features/documentSync.ts';
import { executeCommand } from './features/executeCommand.ts';
import { fileMarks } from './features/fileMarks.ts';
import { foldingRange } from './features/foldingRange.ts';
import { found } from './features/found.ts';
import { hover } from './features/hover.ts';
import { inlayHint } from './features/inlayHint.ts';
import { inspect } from './features/inspect.ts';
import { inventory } from './features/inventory.ts';
import { navigation } from './features/navigation.ts';
import { planState } from './features/planState.ts';
import { pullDiagnostics } from './features/pullDiagnostics.ts';
import { pushDiagnostics } from './features/pushDiagnostics.ts';
import { rename } from './features/rename.ts';
import { selectionRange } from './features/selectionRange.ts';
import { semanticTokens } from './features/semanticTokens.ts';
import { tree } from './features/tree.ts';
import { trust } from './features/trust.ts';
import { unlock } from './features/unlock.ts';
import { watchedFiles } from './features/watchedFiles.ts';
import { wizard } from './features/wizard.ts';
import { workspaceFolders } from './features/workspaceFolders.ts';
import { workspaceSymbol } from './features/workspaceSymbol.ts';
import type { Feature } from './table.ts';

export const FEATURES: readonly Feature[] = [
  documentSync,
  workspaceFolders,
  configuration,
  watchedFiles,
  trust,
  unlock,
  pullDiagnostics,
  pushDiagnostics,
  completion,
  hover,
  navigation,
  rename,
  codeLens,
  inlayHint,
  codeAction,
  documentSymbol,
  workspaceSymbol,
  documentLink,
  foldingRange,
  selectionRange,
  semanticTokens,
  executeCommand,
  planState,
  audit,
  inventory,
  inspect,
  tree,
  fileMarks,
  backends,
  found,
  dashboard,
  wizard,
];
