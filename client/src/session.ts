import type * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Inventory } from './inventory.ts';
import type { Plans } from './plans.ts';
import type { SealedStore } from './sealedStore.ts';
import type { Sections } from './tree/sections.ts';

/** What every feature is given: one running extension. */
export interface Session {
  readonly context: vscode.ExtensionContext;
  readonly client: LanguageClient;
  readonly log: vscode.LogOutputChannel;
  readonly inventory: Inventory;
  /** Of the view *Inventory*: a feature that has more to show there adds a section. */
  readonly inventorySections: Sections;
  readonly plans: Plans;
  readonly sealedStore: SealedStore;
}

/** One file of features/ each: registers itself, and gives back what ends it. */
export type Feature = (session: Session) => vscode.Disposable;
