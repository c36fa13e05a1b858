import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatReference, type GitReference } from '../../core/policy/packReference.ts';
import { fetchCommit } from '../../platform/git/fetchCommit.ts';
import { digest, type Fetched, keptFolder, LIST } from './keptPacks.ts';
import { PackError } from './packError.ts';
import { MOST_PACK_BYTES, MOST_PACK_FILES, mayHoldPolicies } from './packTexts.ts';

/** Fetches it now, over what is kept. */
export async function fetchPack(
  stateHome: string,
  reference: GitReference,
  signal: AbortSignal,
): Promise<{ readonly files: number }> {
  const folder = keptFolder(stateHome, reference);
  const scratch = `${folder}.${randomUUID()}`;
  try {
    const files = await fetchCommit(
      reference,
      path.join(scratch, 'git'),
      mayHoldPolicies,
      { files: MOST_PACK_FILES, bytes: MOST_PACK_BYTES },
      signal,
    );
    if (files.length === 0)
      throw new PackError(
        `${formatReference(reference)} holds no YAML or JSON file`,
        'name the folder in it that holds the policies',
      );
    const made = path.join(scratch, 'files');
    for (const { path: name, text } of files) {
      const place = path.join(made, name);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, text, { mode: 0o600 });
    }
    const list: Fetched = {
      reference: formatReference(reference),
      files: Object.fromEntries(files.map(({ path: name, text }) => [name, digest(text)])),
    };
    writeFileSync(path.join(made, LIST), `${JSON.stringify(list, null, 2)}\n`, { mode: 0o600 });
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
    return { files: files.length };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
