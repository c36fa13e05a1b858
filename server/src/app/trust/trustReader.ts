import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { trustFiles } from '../../core/trust/bundleContents.ts';
import type { TrustFacts } from '../../core/trust/trustFacts.ts';
import type { AnchorFiles } from './anchorFiles.ts';

/** What the trust bundles of a project hold and what rests on it: from files and records, without asking anybody. */
export interface TrustReader {
  /** Undefined: no bundle names a file that could be read. */
  read(index: ProjectIndex): Promise<TrustFacts | undefined>;
}

/** What reads certificates is loaded once a bundle names a file; a file is read again once it changed. */
export function openTrustReader(root: string): TrustReader {
  let opened: Promise<AnchorFiles> | undefined;
  return {
    async read(index) {
      const files = trustFiles(index);
      if (files.length === 0) return undefined;
      opened ??= import('./anchorFiles.ts').then(({ openAnchorFiles }) => openAnchorFiles(root));
      return (await opened).read(files);
    },
  };
}
