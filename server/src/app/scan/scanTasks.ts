/** What a thread can be given to do. Tasks and answers are values that can be sent to it. */
import { type Blob, type History, openHistory } from '../../platform/git/history.ts';
import { type ContentScanner, contentScanner } from './contentScanner.ts';
import { noWorkTree } from './noWorkTree.ts';
import { openScanner, type ScannedContent } from './openScanner.ts';
import { type ReadFile, treeReader } from './treeReader.ts';
import { turns } from './turns.ts';
import type { TreeFile } from './walkTree.ts';

export interface FilesTask {
  readonly root: string;
  readonly files: readonly TreeFile[];
}

export interface BlobsTask {
  readonly folder: string;
  readonly blobs: readonly Blob[];
}

export interface ReadBlob extends ScannedContent {
  readonly bytes: number;
}

/** All tasks share what is costly to make. Answers are in the order of what was asked. */
export interface ScanTasks {
  readFiles(task: FilesTask, signal: AbortSignal): Promise<readonly ReadFile[]>;
  /** Undefined: git does not have it here. */
  readBlobs(
    task: BlobsTask,
    signal: AbortSignal,
    history?: History,
  ): Promise<readonly (ReadBlob | undefined)[]>;
}

export function scanTasks(): ScanTasks {
  let ofFiles: ContentScanner | undefined;
  let ofVersions: ContentScanner | undefined;
  return {
    async readFiles({ root, files }, signal) {
      ofFiles ??= contentScanner(openScanner());
      const read = treeReader(root, ofFiles);
      const pause = turns(signal);
      const results: ReadFile[] = [];
      for (const file of files) {
        const reading = read(file);
        let step = reading.next();
        for (; step.done !== true; step = reading.next()) {
          const turn = pause();
          if (turn !== undefined) await turn;
        }
        results.push(step.value);
        const turn = pause();
        if (turn !== undefined) await turn;
      }
      return results;
    },
    async readBlobs({ folder, blobs }, signal, history) {
      const of = history ?? (await openHistory(folder, signal));
      if (of === undefined) throw noWorkTree(folder, 'try again');
      ofVersions ??= contentScanner(openScanner({ versions: true }));
      const scanner = ofVersions;
      const results = new Map<Blob, ReadBlob>();
      let bytes = 0;
      await of.read(blobs, {
        begin(blob, size) {
          bytes = size;
          scanner.begin(blob.path, size);
        },
        chunk: (some) => scanner.write(some),
        end(blob) {
          results.set(blob, { bytes, ...scanner.end() });
        },
      });
      return blobs.map((blob) => results.get(blob));
    },
  };
}
