import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Entry } from 'yauzl';
import { openPromise } from 'yauzl';
import { REPOSITORY } from './idac.ts';

/** What `npm run package` makes, in a folder of its own. */
export interface Packages {
  /** For every platform, without native code. */
  readonly universal: string;
  /** For this platform; undefined where its native code was not compiled. */
  readonly native: string | undefined;
  readonly npm: string;
  remove(): void;
}

export function makePackages(options: readonly string[] = []): Packages {
  const folder = mkdtempSync(path.join(tmpdir(), 'idac-packages-'));
  execFileSync(process.execPath, ['scripts/package.mjs', '--out', folder, ...options], {
    cwd: REPOSITORY,
    stdio: 'pipe',
  });
  const made = readdirSync(folder);
  const one = (name: RegExp): string | undefined => {
    const file = made.find((each) => name.test(each));
    return file === undefined ? undefined : path.join(folder, file);
  };
  const [universal, npm] = [one(/^identity-as-code-\d[\d.]*\.vsix$/), one(/^idac-\d[\d.]*\.tgz$/)];
  if (universal === undefined || npm === undefined) throw new Error(`not all was made: ${made.join(', ')}`);
  return {
    universal,
    native: one(/^identity-as-code-[a-z]\w*-\w+-\d[\d.]*\.vsix$/),
    npm,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Path → bytes of all that is in a .vsix. */
export async function contentsOf(vsix: string): Promise<ReadonlyMap<string, Buffer>> {
  const zip = await openPromise(vsix);
  const contents = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
    const parts: Buffer[] = [];
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
    contents.set(entry.fileName, Buffer.concat(parts));
  }
  return contents;
}

/** The extension as it lies where it was installed. */
export async function unpack(vsix: string, folder: string): Promise<void> {
  for (const [file, bytes] of await contentsOf(vsix)) {
    const [, inside] = /^extension\/(.+)$/.exec(file) ?? [];
    if (inside === undefined) continue;
    const full = path.join(folder, inside);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, bytes);
  }
}
