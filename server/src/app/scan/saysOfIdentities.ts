/** First looks, by names and by words in texts, that spare a folder without identities the reading of manifests. */
import { lstatSync } from 'node:fs';
import path from 'node:path';
import { API_VERSION } from '../../core/identity/identityId.ts';
import { isOursByName } from '../../core/manifest/fileName.ts';
import { IGNORE_WORD } from '../../core/manifest/ignoreWord.ts';
import { errno } from '../../platform/disk/errno.ts';
import { STATE_FOLDER, walkManifests } from '../workspaceFiles.ts';
import { turns } from '../workspaceScan.ts';
import { readManifestText } from '../workspaceText.ts';

/** There is a record, or judgements; what is no folder counts, too, so that whoever reads it says what is wrong with it. */
export function keepsState(project: string): boolean {
  try {
    lstatSync(path.join(project, STATE_FOLDER));
    return true;
  } catch (error) {
    return errno(error) !== 'ENOENT';
  }
}

/**
 * Whether manifests or a record may say anything of keys in files. What cert-manager's documents ask for lies in a cluster: in
 * them a comment alone counts.
 */
export async function saysOfIdentities(project: string, signal: AbortSignal): Promise<boolean> {
  if (keepsState(project)) return true;
  const turn = turns(signal);
  for await (const file of walkManifests(project, signal)) {
    await turn();
    const read = readManifestText(project, file, undefined);
    if (read === undefined || read === 'same' || !read.isCandidate) continue;
    if (isOursByName(file) || read.text.includes(API_VERSION) || read.text.includes(IGNORE_WORD)) return true;
  }
  return false;
}
