import type { Finding } from '../core/finding.ts';
import { buildProjectIndex, type ProjectIndex } from '../core/identity/projectIndex.ts';
import { isOursByName, mayHoldManifests } from '../core/manifest/fileName.ts';
import {
  editManifestFile,
  holdPlaces,
  isReadLate,
  type ManifestFile,
  parseManifestFile,
  type TextChange,
  unreadManifestFile,
} from '../core/manifest/manifestFile.ts';
import type { IdentityResource, Resource } from '../core/manifest/resource.ts';
import type { BoundPolicy } from '../core/policy/boundPolicy.ts';
import { type FieldAsks, fieldAsksOf } from '../core/policy/fieldAsks.ts';
import { type PoliciesInForce, policiesInForce } from '../core/policy/policiesInForce.ts';
import { judgeIdentity } from '../core/policy/policyFindings.ts';
import type { Clock } from '../core/ports.ts';
import { waitsForName, withNames, withoutNames } from '../core/rules/chooseNames.ts';
import type { RuleContext } from '../core/rules/context.ts';
import { perValue } from '../core/rules/perValue.ts';
import {
  applySettings,
  judgesOf,
  keepRuns,
  type RuleSettings,
  runRulesAhead,
  runRulesPerFile,
} from '../core/rules/runRules.ts';
import { backendRoles } from '../core/schema/backendRoles.ts';
import { comparePositions } from '../core/text/lineIndex.ts';
import { lateReading } from './lateReading.ts';
import { packedTexts } from './packedTexts.ts';
import { isWalked } from './workspaceFiles.ts';
import { commonFirst, type FreshFile, type Reading, readFolder, turns } from './workspaceScan.ts';
import { type DiskStamp, type DiskText, readManifestText } from './workspaceText.ts';

/** The manifests of one project root as text: open buffers over files on disk. Paths are relative, forward slashes. */
export interface Workspace {
  readonly root: string;
  /** Reads the folder's manifests (slices, typing first); again only what changed. */
  scan(signal: AbortSignal, purpose?: ScanPurpose): Promise<void>;
  /** While the folder is read for the first time: what reaches across files is not said yet. */
  reading(): Reading | undefined;
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
  /** The same of one file: nothing is asked of the others for it. */
  findingsOf(path: string): readonly Finding[];
  /** What policies ask of the fields of a manifest, whether or not it has mistakes. */
  asksOf(resource: Resource): FieldAsks;
  /** What policies say against one usable manifest, whether or not an exception is made. Nothing else is judged for it. */
  verdictsOn(resource: IdentityResource): readonly Finding[];
  /** Policies that hold here and do not come from the project. */
  outsidePolicies(): readonly BoundPolicy[];
}

/** Who makes something of each manifest while the folder is read for the first time and what it says is at hand. */
export interface FirstReader {
  /** Backends, machines, the project and a few other files are read: they are in the index, and so many more files follow. */
  begin(index: ProjectIndex, following: number): Promise<(file: ManifestFile) => void>;
}

export interface ScanPurpose {
  /** The findings of all files are asked for next: rules look at each while what it says is at hand. */
  readonly isJudged?: boolean;
  /** Then they do in any case. */
  readonly reader?: FirstReader;
}

export interface WorkspaceOptions {
  readonly clock: Clock;
  readonly ruleSettings?: RuleSettings;
  /** The same list until they are others. */
  readonly outsidePolicies?: (index: ProjectIndex) => readonly BoundPolicy[];
}

/** Files that are read before the first word about any of them. */
const FIRST_FILES = 24;

interface OnDisk {
  readonly stamp: DiskStamp;
  /** Undefined: it holds no manifest. */
  readonly file: ManifestFile | undefined;
}

export function openWorkspace(root: string, options: WorkspaceOptions): Workspace {
  const onDisk = new Map<string, OnDisk>();
  const buffers = new Map<string, ManifestFile>();
  const settings = options.ruleSettings ?? {};
  const kept = keepRuns();
  const store = packedTexts();
  const ownFindings = perValue((file: ManifestFile) => applySettings(file.findings, settings));
  /** What was told of files while the folder is read: that is newer than what was read. */
  const meanwhile = new Set<string>();
  let scans = 0;
  let reading: Reading | undefined;
  let lastIndex: ProjectIndex | undefined;
  let current: {
    files?: ReadonlyMap<string, ManifestFile>;
    index?: ProjectIndex;
    inForce?: PoliciesInForce;
    /** What the rules say of a file. */
    ruled?: (path: string) => readonly Finding[];
    told?: Map<string, readonly Finding[]>;
    findings?: ReadonlyMap<string, readonly Finding[]>;
  } = {};

  const late = lateReading(read);
  const changed = (): void => {
    current = {};
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

  /** Takes over what is on disk now. */
  function take(path: string): void {
    const text = readManifestText(root, path, onDisk.get(path)?.stamp);
    if (text === undefined) forget(path);
    else if (text !== 'same') put(path, text);
  }

  function put(path: string, { text, ...stamp }: DiskText): ManifestFile | undefined {
    const before = onDisk.get(path);
    // An open buffer with this very text was parsed when it was opened, or is parsed now.
    if (late.text(path) === text) late.finish();
    const known = buffers.get(path) ?? before?.file;
    const parsed = !stamp.isCandidate
      ? undefined
      : known?.text === text
        ? known
        : parseManifestFile(path, text, before?.file, false, store);
    const file = parsed !== undefined && counts(parsed) ? parsed : undefined;
    // Somebody else's YAML changes nothing here.
    const isNews = file !== before?.file;
    onDisk.set(path, { stamp, file });
    if (isNews) changed();
    return buffers.get(path) ?? file;
  }

  async function scan(signal: AbortSignal, { isJudged = false, reader }: ScanPurpose = {}): Promise<void> {
    const isFirst = onDisk.size === 0;
    scans += 1;
    if (isFirst) reading = { done: 0, total: 0 };
    try {
      const { paths, fresh } = await readFolder(root, (path) => onDisk.get(path)?.stamp, signal);
      for (const path of onDisk.keys()) if (!paths.has(path) && !meanwhile.has(path)) forget(path);
      const { common, others } = isFirst ? commonFirst(fresh) : { common: fresh, others: [] };
      const first = [...common, ...others.slice(0, FIRST_FILES)];
      const turn = turns(signal);
      const read = async (all: readonly FreshFile[], then: (file: ManifestFile) => void): Promise<void> => {
        for (const { path, text } of all) {
          const file = meanwhile.has(path) ? undefined : put(path, text);
          if (file !== undefined) then(file);
          if (reading !== undefined) reading = { done: reading.done + 1, total: fresh.length };
          await turn();
        }
      };
      await read(first, () => undefined);
      if (reader === undefined && (!isJudged || others.length <= FIRST_FILES)) {
        await read(others.slice(FIRST_FILES), () => undefined);
        return;
      }
      const start = index();
      const rules = runRulesAhead(contextOf(start), settings, kept);
      const then = await reader?.begin(start, Math.max(0, others.length - FIRST_FILES));
      signal.throwIfAborted();
      const ahead = (file: ManifestFile): void => {
        rules(file);
        then?.(file);
      };
      for (const file of start.fileList) {
        ahead(file);
        await turn();
      }
      await read(others.slice(FIRST_FILES), ahead);
    } finally {
      scans -= 1;
      if (scans === 0) meanwhile.clear();
      if (isFirst) {
        reading = undefined;
        changed();
      }
    }
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
    scan,
    reading: () => reading,
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
      if (!mayHoldManifests(path) || !isWalked(path)) return;
      if (scans > 0) meanwhile.add(path);
      take(path);
    },
    isDirty: async (path) => {
      const buffer = buffers.get(path);
      if (buffer === undefined) return false;
      const text = readManifestText(root, path, undefined);
      const now = late.text(path) ?? buffer.text;
      return text === undefined || text === 'same' || withoutMark(text.text) !== withoutMark(now);
    },
    findings: () => {
      current.findings ??= new Map(Array.from(files().keys(), (path) => [path, findingsOf(path)]));
      return current.findings;
    },
    findingsOf,
    asksOf: (resource) => fieldAsksOf(resource, inForce(), judgesOf(settings)),
    verdictsOn: (resource) =>
      judgeIdentity(
        resource,
        { index: index(), now: options.clock.now(), rules: judgesOf(settings) },
        inForce(),
      ),
    outsidePolicies: () => outsidePolicies(index()),
  };

  function outsidePolicies(now: ProjectIndex): readonly BoundPolicy[] {
    return options.outsidePolicies?.(now) ?? [];
  }

  function findingsOf(path: string): readonly Finding[] {
    const file = files().get(path);
    if (file === undefined) return [];
    // While the folder is read, a name that is not known may only be not known yet.
    if (reading !== undefined) return ownFindings(file).map(withoutNames);
    current.told ??= new Map();
    const told = current.told.get(path) ?? saidOf(file);
    current.told.set(path, told);
    return told;
  }

  /** Nobody asks about most files; what rules say of one costs what is in it. */
  function saidOf(file: ManifestFile): readonly Finding[] {
    const own = named(ownFindings(file));
    current.ruled ??= runRulesPerFile(contextOf(index()), settings, kept);
    const found = current.ruled(file.path);
    return found.length === 0 ? own : inOrder([...own, ...named(found)]);
  }

  function inForce(): PoliciesInForce {
    const now = index();
    current.inForce ??= policiesInForce(now, options.clock.now(), outsidePolicies(now));
    return current.inForce;
  }

  function contextOf(now: ProjectIndex): RuleContext {
    return {
      index: now,
      now: options.clock.now(),
      records: new Map(),
      policies: outsidePolicies(now),
      backendRoles: backendRoles(),
    };
  }
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => comparePositions(a.range.start, b.range.start));
}

/** A file of another name counts when it holds a manifest of ours. */
function counts(file: ManifestFile): boolean {
  return isOursByName(file.path) || file.documents.some(({ ours }) => ours);
}

/** Editors keep the byte order mark apart from the text. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
