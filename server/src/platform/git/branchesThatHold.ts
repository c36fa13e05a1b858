import type { GitObjects } from './objects.ts';
import type { RunGit } from './runGit.ts';

const MAXIMUM_BLOB = 1024 * 1024;

/** Branches other than the one that is checked out, at whose tip the file exists and holds the text. */
export async function branchesThatHold(
  git: RunGit,
  { check, read }: GitObjects,
  /** From the top of the repository. */
  file: string,
  text: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const listed = await git(
    ['for-each-ref', '--format=%(HEAD)%(refname)', 'refs/heads', 'refs/remotes'],
    signal,
  );
  const refs = listed.stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line.startsWith(' '))
    .map((line) => line.slice(1));
  const found = await check(
    refs.map((ref) => `${ref}:${file}`),
    signal,
  );
  const byBlob = new Map<string, string[]>();
  for (const [index, ref] of refs.entries()) {
    const object = found[index];
    if (object?.type !== 'blob' || object.size > MAXIMUM_BLOB) continue;
    const holders = byBlob.get(object.id);
    if (holders === undefined) byBlob.set(object.id, [ref]);
    else holders.push(ref);
  }
  const holding: string[] = [];
  for (const blob of await read([...byBlob.keys()], signal)) {
    if (blob !== undefined && Buffer.from(blob.bytes).includes(text))
      holding.push(...(byBlob.get(blob.id) ?? []));
  }
  return holding;
}
