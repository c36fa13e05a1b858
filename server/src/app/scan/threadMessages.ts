import type { BackendErrorKind } from '../../backends/errors.ts';
import type { BlobsTask, FilesTask } from './scanTasks.ts';

/** To the thread. */
export type Request =
  | { readonly kind: 'files'; readonly task: FilesTask }
  | { readonly kind: 'blobs'; readonly task: BlobsTask }
  | { readonly kind: 'tree' | 'history'; readonly root: string; readonly starts: readonly string[] };

export type Asked = Request & { readonly id: number };

/** From it; errors lose their class on the way. */
export type Told = { readonly id: number } & (
  | { readonly progress: number }
  | { readonly value: unknown }
  | { readonly failure: Failure }
  | { readonly error: string }
);

export interface Failure {
  readonly kind: BackendErrorKind;
  readonly what: string;
  readonly hint: string;
  readonly retryable: boolean;
}
