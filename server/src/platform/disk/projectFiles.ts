import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import type { ProjectFileState, ProjectFiles } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { Git } from '../git/git.ts';
import { draftName, removeAbandonedDrafts, syncFolder, writeAtomically } from './atomicFile.ts';
import { onDisk } from './diskError.ts';
import { errno } from './errno.ts';
import { fileOwner } from './fileOwner.ts';
import { type HeldFolder, withFolder } from './heldFolder.ts';
import { withLock } from './lock.ts';
import { hasRepositoryAbove, type Place, resolvePlace } from './projectPath.ts';

export interface ProjectFilesOptions {
  /** Absent when there is no git to ask (`openGit`). */
  readonly git?: Git | undefined;
  /** In an untrusted workspace nothing is written. */
  readonly trusted: boolean;
  /** Folder of the user's state where the locks of this project lie. */
  readonly lockFolder: string;
}

const MAXIMUM_SIZE = 16 * 1024 * 1024;
const LOCK_WAIT = 30_000;

/** Guarded files of one project root: what `ProjectFiles` promises. */
export function openProjectFiles(root: string, options: ProjectFilesOptions): ProjectFiles {
  const { git, trusted, lockFolder } = options;
  const signal = new AbortController().signal;
  let real: string | undefined;
  const place = (wanted: string): Place => {
    real ??= realpathSync.native(root);
    return resolvePlace(real, wanted);
  };

  const refuseUntrusted = (wanted: string): void => {
    if (trusted) return;
    throw forbidden(
      `${wanted} is not written: this workspace is not trusted`,
      'trust the workspace first ("Workspaces: Manage Workspace Trust")',
    );
  };

  const refusePublic = async (at: Place): Promise<void> => {
    if (git !== undefined) {
      if (await git.isIgnored(at.path, signal)) return;
      const tracked = await git.isTracked(at.path, signal);
      const line = `/${at.path.replace(/[[\]]/g, '\\$&')}`;
      throw forbidden(
        tracked
          ? `no private key is written to ${at.path}: git tracks this file, so the key would be committed`
          : `no private key is written to ${at.path}: git does not ignore it, so it could be committed`,
        tracked
          ? `run "git rm --cached ${at.path}" and add this line to .gitignore in the project's folder: ${line}`
          : `add this line to .gitignore in the project's folder: ${line}`,
      );
    }
    if (hasRepositoryAbove(at.root)) {
      throw forbidden(
        `no private key is written to ${at.path}: git cannot be asked whether it ignores the file`,
        'install git and see that "git status" works in this folder',
      );
    }
  };

  const locked = <T>(at: Place, what: string, work: () => Promise<T>): Promise<T> => {
    const digest = createHash('sha256').update(at.path).digest('hex').slice(0, 32);
    const file = path.join(lockFolder, `file-${digest}.lock`);
    return withLock(file, work, { wait: LOCK_WAIT, what: `${what} ${at.path}` }, signal);
  };

  /** The name of the temporary file: for a private one, a name that git ignores as well, where there is one. */
  const chooseDraft = async (at: Place, isPrivate: boolean): Promise<string> => {
    const names = [await draftName('', path.posix.extname(at.name) || '.tmp'), await draftName(at.name)];
    if (isPrivate && git !== undefined) {
      for (const name of names) if (await git.isIgnored([...at.folder, name].join('/'), signal)) return name;
    }
    return names[0] ?? at.name;
  };

  const guarded: ProjectFiles = {
    async read(wanted) {
      const at = place(wanted);
      return withFolder(at.root, at.folder, null, async (folder) => {
        // Whoever finds out how a killed action ended reads the file first: no key of it may stay under another name.
        if (trusted) await removeAbandonedDrafts(folder.at('')).catch(() => undefined);
        return readIn(folder, at);
      });
    },

    async preflight(wanted, { isPrivate, owner }) {
      refuseUntrusted(wanted);
      const at = place(wanted);
      if (isPrivate) await refusePublic(at);
      if (owner !== undefined) await fileOwner(owner, at.path);
    },

    async write(wanted, bytes, { ifVersion, isPrivate, mode, owner }) {
      refuseUntrusted(wanted);
      const at = place(wanted);
      if (isPrivate) await refusePublic(at);
      const given = owner === undefined ? {} : { owner: await fileOwner(owner, at.path) };
      const content = bytes.reveal();
      const draft = await chooseDraft(at, isPrivate);
      // Whoever the file is for must be able to reach it, and need not see what else is there.
      const folderMode = !isPrivate ? 0o755 : owner === undefined ? 0o700 : 0o711;
      await locked(at, 'write', () =>
        withFolder(at.root, at.folder, { mode: folderMode }, async (folder) => {
          // A process that was killed while it wrote a key here left the key under its temporary name.
          await removeAbandonedDrafts(folder.at(''));
          const now = await readIn(folder, at);
          if ((now?.version ?? null) !== ifVersion) throw changed(at.path, ifVersion, now);
          await writeAtomically(folder.at(at.name), content, {
            mode: isPrivate ? (mode ?? 0o600) & 0o600 : (mode ?? 0o644),
            ...given,
            draft: folder.at(draft),
            beforeRename: () => folder.confirm(),
          });
        }),
      );
      return { version: versionOf(content) };
    },

    async remove(wanted, { ifVersion }) {
      refuseUntrusted(wanted);
      const at = place(wanted);
      await locked(at, 'remove', () =>
        withFolder(at.root, at.folder, null, async (folder) => {
          await removeAbandonedDrafts(folder.at(''));
          const now = await readIn(folder, at);
          // Gone already is what was asked for: an interrupted action may ask twice.
          if (now === undefined) return;
          if (now.version !== ifVersion) throw changed(at.path, ifVersion, now);
          await folder.confirm();
          unlinkSync(folder.at(at.name));
          await syncFolder(folder.at(''));
        }),
      );
    },
  };
  return {
    read: (wanted) => onDisk(wanted, () => guarded.read(wanted)),
    preflight: (wanted, how) => onDisk(wanted, () => guarded.preflight(wanted, how)),
    write: (wanted, bytes, how) => onDisk(wanted, () => guarded.write(wanted, bytes, how)),
    remove: (wanted, how) => onDisk(wanted, () => guarded.remove(wanted, how)),
  };
}

/** O_NONBLOCK: a pipe in place of the file would hold us for ever. Windows has neither flag. */
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

async function readIn(folder: HeldFolder, at: Place): Promise<ProjectFileState | undefined> {
  let descriptor: number;
  try {
    descriptor = openSync(folder.at(at.name), READ);
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    if (errno(error) === 'ELOOP') {
      throw forbidden(
        `${at.path} became a link while it was opened`,
        'look at who changes files in this folder',
      );
    }
    throw error;
  }
  try {
    const state = fstatSync(descriptor);
    if (!state.isFile()) {
      throw forbidden(`${at.path} is no file but a folder, a pipe or a device`, 'choose another path');
    }
    if (state.size > MAXIMUM_SIZE) {
      throw new BackendError({
        kind: 'invalid-request',
        what: `${at.path} has more than ${MAXIMUM_SIZE / 1024 / 1024} MiB, so it is no credential`,
        hint: 'choose another path',
      });
    }
    const bytes = new Uint8Array(readFileSync(descriptor));
    await folder.confirm();
    return { bytes: new Secret<Uint8Array>(bytes), version: versionOf(bytes), mode: state.mode & 0o777 };
  } finally {
    closeSync(descriptor);
  }
}

function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function changed(shown: string, expected: string | null, now: ProjectFileState | undefined): BackendError {
  const what =
    now === undefined
      ? `${shown} is gone, though it was there a moment ago`
      : expected === null
        ? `${shown} exists already`
        : `${shown} was changed by somebody else`;
  return new BackendError({
    kind: 'conflict',
    what,
    hint: 'look at the file; plan again when what stands there may be replaced',
  });
}

function forbidden(what: string, hint: string): BackendError {
  return new BackendError({ kind: 'forbidden', what, hint });
}
