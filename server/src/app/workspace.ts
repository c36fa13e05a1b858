import { setImmediate } from 'node:timers/promises';
import type { Finding } from '../core/finding.ts';
import { buildProjectIndex, type ProjectIndex } from '../core/identity/projectIndex.ts';
import { isIdentityFile, mayHoldManifests } from '../core/manifest/fileName.ts';
import {
  editManifestFile,
  holdPlaces,
  isReadLate,
  type ManifestFile,
  parseManifestFile,
  type TextChange,
  unreadManifestFile,
} from '../core/manifest/manifestFile.ts';
import type { Clock } from '../core/ports.ts';
import { waitsForName, withNames } from '../core/rules/chooseNames.ts';
import { keepFindings } from '../core/rules/perResource.ts';
import { perValue } from '../core/rules/perValue.ts';
import { applySettings, type RuleSettings, runRules } from '../core/rules/runRules.ts';
import { backendRoles } from '../core/schema/backendRoles.ts';
import { comparePositions } from '../core/text/lineIndex.ts';
import { lateReading } from './lateReading.ts';
import { isWalked, SLICE_MS, walkManifests } from './workspaceFiles.ts';
import { type DiskText, readManifestText, sameStamp } from './workspaceText.ts';

/** The manifests of one project root as text: open buffers over files on disk. Paths are relative, forward slashes. */
export interface Workspace {
  readonly root: string;
  /** Reads the folder's manifests (slices, typing first); again only what changed. */
  scan(signal: AbortSignal): Promise<void>;
  files(): ReadonlyMap<string, ManifestFile>;
  /** An open buffer's text; undefined: it was closed, the file on disk counts again (`reload` it). */
  setText(path: string, text: string | undefined): void;
  /** What was typed into an open buffer. False: it is not known here, or has to be given as a whole (`setText`). */
  editText(path: string, changes: readonly TextChange[]): boolean;
  /**
   * The same of a text that takes longer to read than a key may: until a pause in the typing, the file is what it was before.
   * `text` is the whole; without `changes` all of it may be another one. False: read it at once.
   */
  typeText(path: string, changes: readonly TextChange[] | undefined, text: () => string): boolean;
  /** The documents that stand in the text as it was typed last; of one that waits to be read nothing else is known. */
  typed(path: string): ManifestFile | undefined;
  /** Resolves when no text waits to be read any more; rejects when `signal` is aborted before. */
  settled(signal: AbortSignal): Promise<void>;
  /** Reads the texts that wait, now. */
  settle(): void;
  /** A file was created, changed or deleted on disk. */
  reload(path: string): Promise<void>;
  /** An open buffer whose text is not what is on disk. */
  isDirty(path: string): Promise<boolean>;
  index(): ProjectIndex;
  /** Findings of manifests alone (syntax, schema, references, rules that need no record), by file. */
  findings(): ReadonlyMap<string, readonly Finding[]>;
  /** The same of one file. */
  findingsOf(path: string): readonly Finding[];
}

export interface WorkspaceOptions {
  readonly clock: Clock;
  readonly ruleSettings?: RuleSettings;
}

interface OnDisk {
  readonly text: DiskText;
  /** Undefined: it holds no manifest. */
  readonly file: ManifestFile | undefined;
  /** Which change of the workspace put it here. */
  readonly change: number;
}

export function openWorkspace(root: string, options: WorkspaceOptions): Workspace {
  const onDisk = new Map<string, OnDisk>();
  const buffers = new Map<string, ManifestFile>();
  const settings = options.ruleSettings ?? {};
  const kept = keepFindings();
  const ownFindings = perValue((file: ManifestFile) => applySettings(file.findings, settings));
  let change = 0;
  let lastIndex: ProjectIndex | undefined;
  let current: {
    files?: ReadonlyMap<string, ManifestFile>;
    index?: ProjectIndex;
    ruled?: ReadonlyMap<string, readonly Finding[]>;
    findings?: ReadonlyMap<string, readonly Finding[]>;
  } = {};

  const late = lateReading(read);
  const changed = (): number => {
    current = {};
    change += 1;
    return change;
  };
  /** A buffer has another text: all other files are what they were. */
  const bufferChanged = (path: string, file: ManifestFile): void => {
    const before = current.files;
    const isSame = before?.has(path) === true && counts(file);
    buffers.set(path, file);
    changed();
    if (isSame) current.files = new Map(before).set(path, file);
  };

  function read(path: string, text: string): void {
    const buffer = buffers.get(path);
    if (!mayHoldManifests(path) || buffer?.text === text) return;
    const previous = buffer ?? onDisk.get(path)?.file;
    if (previous !== undefined) holdPlaces(previous, true);
    bufferChanged(path, previous?.text === text ? previous : parseManifestFile(path, text, previous));
  }

  function forget(path: string): void {
    const held = onDisk.get(path)?.file;
    if (onDisk.delete(path) && held !== undefined) changed();
  }

  /** Takes over what is on disk now. `since`: a newer reading than that change is left alone. */
  function take(path: string, since: number): void {
    const before = onDisk.get(path);
    if (before !== undefined && before.change > since) return;
    const text = readManifestText(root, path, before?.text);
    if (text === undefined) {
      forget(path);
      return;
    }
    if (before !== undefined && sameStamp(before.text, text)) return;
    // An open buffer with this very text was parsed when it was opened, or is parsed now.
    if (late.text(path) === text.text) late.finish();
    const known = buffers.get(path) ?? before?.file;
    const parsed = !text.isCandidate
      ? undefined
      : known?.text === text.text
        ? known
        : parseManifestFile(path, text.text, before?.file, false);
    const file = parsed !== undefined && counts(parsed) ? parsed : undefined;
    // Somebody else's YAML changes nothing here.
    const isNews = file !== undefined || before?.file !== undefined;
    onDisk.set(path, { text, file, change: isNews ? changed() : change });
  }

  function files(): ReadonlyMap<string, ManifestFile> {
    if (current.files !== undefined) return current.files;
    const all = new Map<string, ManifestFile>();
    for (const [path, { file }] of onDisk) if (file !== undefined && !buffers.has(path)) all.set(path, file);
    for (const [path, file] of buffers) if (counts(file)) all.set(path, file);
    current.files = all;
    return all;
  }

  function index(): ProjectIndex {
    current.index ??= buildProjectIndex(files(), lastIndex);
    lastIndex = current.index;
    return current.index;
  }

  /** The project's index is asked only where a fix waits for a name: it costs more than one document does. */
  function named(findings: readonly Finding[]): readonly Finding[] {
    return findings.some(waitsForName) ? withNames(findings, index(), backendRoles()) : findings;
  }

  return {
    root,
    files,
    index,
    scan: async (signal) => {
      const start = change;
      const seen = new Set<string>();
      let turn = performance.now();
      for await (const path of walkManifests(root, signal)) {
        seen.add(path);
        take(path, start);
        if (performance.now() - turn < SLICE_MS) continue;
        // Whoever types is answered first.
        await setImmediate();
        signal.throwIfAborted();
        turn = performance.now();
      }
      signal.throwIfAborted();
      for (const [path, entry] of onDisk) if (!seen.has(path) && entry.change <= start) forget(path);
    },
    setText: (path, text) => {
      const buffer = buffers.get(path);
      late.forget(path);
      if (text === undefined) {
        if (buffer === undefined) return;
        holdPlaces(buffer, false);
        buffers.delete(path);
        changed();
        return;
      }
      read(path, text);
    },
    editText: (path, changes) => {
      if (late.has(path)) return false;
      let file = buffers.get(path);
      for (const each of changes) file = file && editManifestFile(file, each);
      if (file === undefined) return false;
      bufferChanged(path, file);
      return true;
    },
    typeText: (path, changes, text) => {
      const buffer = buffers.get(path);
      if (buffer === undefined || !(late.has(path) || isReadLate(buffer, changes))) return false;
      if (changes === undefined && buffer.text === text()) return false;
      late.put(path, text);
      return true;
    },
    typed: (path) => {
      const text = late.text(path);
      return text === undefined ? files().get(path) : unreadManifestFile(path, text);
    },
    settled: late.settled,
    settle: late.finish,
    reload: async (path) => {
      if (mayHoldManifests(path) && isWalked(path)) take(path, change);
    },
    isDirty: async (path) => {
      const buffer = buffers.get(path);
      if (buffer === undefined) return false;
      const text = readManifestText(root, path, undefined);
      const now = late.text(path) ?? buffer.text;
      return text === undefined || withoutMark(text.text) !== withoutMark(now);
    },
    findings: () => {
      current.findings ??= new Map(Array.from(files().keys(), (path) => [path, findingsOf(path)]));
      return current.findings;
    },
    findingsOf,
  };

  function findingsOf(path: string): readonly Finding[] {
    const file = files().get(path);
    if (file === undefined) return [];
    const own = named(ownFindings(file));
    const found = ruled().get(path);
    return found === undefined ? own : inOrder([...own, ...named(found)]);
  }

  /** What the rules say, by file. */
  function ruled(): ReadonlyMap<string, readonly Finding[]> {
    if (current.ruled !== undefined) return current.ruled;
    const context = {
      index: index(),
      now: options.clock.now(),
      records: new Map(),
      backendRoles: backendRoles(),
    };
    const found = new Map<string, Finding[]>();
    for (const finding of runRules(context, settings, kept)) {
      const others = found.get(finding.file);
      if (others === undefined) found.set(finding.file, [finding]);
      else others.push(finding);
    }
    current.ruled = found;
    return found;
  }
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => comparePositions(a.range.start, b.range.start));
}

/** A file of another name counts when it holds a manifest of ours. */
function counts(file: ManifestFile): boolean {
  return isIdentityFile(file.path) || file.documents.some(({ ours }) => ours);
}

/** Editors keep the byte order mark apart from the text. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
