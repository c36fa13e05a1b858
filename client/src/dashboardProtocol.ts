/** What the dashboard asks the language server (docs/lsp.md). The answers' shapes are the page's, which shows them. */
import { RequestType } from 'vscode-languageclient/node';
import type { Place } from './protocol.ts';
import type { Dashboard, Impact, ImpactNode, Subject } from './webview/dashboard/figures.ts';

/** What breaks, with where each is declared. */
export interface Dependents extends Impact {
  readonly layers: readonly (Omit<Impact['layers'][number], 'nodes'> & {
    readonly nodes: readonly (ImpactNode & { readonly declaredAt: Place | null })[];
  })[];
}

export const DashboardRequest = new RequestType<{ on?: string; uri?: string }, Dashboard, void>(
  'identity/dashboard',
);
export const DependentsRequest = new RequestType<
  { uri: string; of: { kind: string; namespace: string; name: string }; limit?: number },
  Dependents | null,
  void
>('identity/dependents');
/** The text is Markdown. */
export const MigrationRequest = new RequestType<
  { uri: string; rules: string },
  { readonly text: string },
  void
>('identity/migrationPlan');
export const SubjectsRequest = new RequestType<{ query: string; uri?: string }, readonly Subject[], void>(
  'identity/impactSubjects',
);
