/** The table's features, one file each. Adding one is a file and a line here. */
import { codeAction } from './features/codeAction.ts';
import { codeLens } from './features/codeLens.ts';
import { configuration } from './features/configuration.ts';
import { documentSymbol } from './features/documentSymbol.ts';
import { documentSync } from './features/documentSync.ts';
import { executeCommand } from './features/executeCommand.ts';
import { hover } from './features/hover.ts';
import { inventory } from './features/inventory.ts';
import { pullDiagnostics } from './features/pullDiagnostics.ts';
import { pushDiagnostics } from './features/pushDiagnostics.ts';
import { trust } from './features/trust.ts';
import { unlock } from './features/unlock.ts';
import { watchedFiles } from './features/watchedFiles.ts';
import { workspaceFolders } from './features/workspaceFolders.ts';
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
  hover,
  codeLens,
  codeAction,
  documentSymbol,
  executeCommand,
  inventory,
];
