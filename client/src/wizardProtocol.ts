/** The questions of the wizards, as the server asks them (docs/lsp.md). */
import { RequestType, type WorkspaceEdit } from 'vscode-languageclient/node';

export interface WizardStep {
  readonly field: string;
  readonly title: string;
  readonly prompt: string;
  readonly is: 'choice' | 'text' | 'list';
  readonly choices: readonly {
    readonly value: string;
    readonly label: string;
    readonly description: string;
  }[];
  readonly value: string;
  readonly placeholder: string;
  readonly optional: boolean;
  readonly n: number;
  readonly of: number;
  readonly problem: string | null;
}

export interface WizardResult {
  readonly file: string;
  readonly line: number;
  readonly files: readonly { readonly file: string; readonly text: string }[];
  readonly edit: WorkspaceEdit | null;
}

export interface WizardQuestion {
  readonly uri: string;
  readonly what: 'identity' | 'backend';
  readonly answers: Readonly<Record<string, string>>;
}

export const WizardRequest = new RequestType<
  WizardQuestion,
  { readonly step: WizardStep } | WizardResult,
  void
>('identity/wizard');
