/** The open projects of a window: one for each project root, opened when first needed, with the editor's buffers over the disk. */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Project } from '../app/api.ts';
import { contains, pathBelow, projectRoots } from '../app/projectRoot.ts';
import { isCertificateFile } from '../core/credential/certificateFileName.ts';
import { mentionsManifests } from '../core/identity/certManager.ts';
import { isOursByName, mayHoldManifests } from '../core/manifest/fileName.ts';
import type { TextChange } from '../core/manifest/manifestFile.ts';
import { trustFiles } from '../core/trust/bundleContents.ts';
import type { Documents, OpenDocument } from './documents.ts';
import { filePath } from './filePath.ts';
import { type ProjectState, projectState } from './projectState.ts';

export interface OpenedProject {
  readonly root: string;
  /** Of the root. */
  readonly uri: string;
  readonly project: Project;
  readonly state: ProjectState;
  /** Relative, forward slashes; undefined: not a file of this project. */
  pathOf(uri: string): string | undefined;
  /** The editor's own spelling, where the file is open there. */
  uriOf(path: string): string;
}

/**
 * `text`: a buffer changed. `world`: records, files on disk or the words that time changes. `rows`: a folder is read for the
 * first time, and there are more rows than before.
 */
export type Change =
  | { readonly what: 'rows'; readonly opened: OpenedProject }
  | { readonly what: 'text'; readonly opened: OpenedProject; readonly uri: string }
  | { readonly what: 'world'; readonly opened: OpenedProject };

export interface Projects {
  /** Undefined when the URI is not a file. Rejects when the project cannot be opened. All its manifests are read. */
  at(uri: string): Promise<OpenedProject | undefined>;
  /** The same while its folder is still read: open buffers are known, and others as far as they were read. */
  near(uri: string): Promise<OpenedProject | undefined>;
  /** The same at once: also undefined while the project is being opened, which begins here; `changed` follows. */
  openedAt(uri: string): OpenedProject | undefined;
  /** The same for a file that makes no project of the folder in which it lies: only of those that are open or the window's. */
  around(uri: string): OpenedProject | undefined;
  /** Those of the window's folders and all that are open already, without those that cannot be opened. */
  all(): Promise<readonly OpenedProject[]>;
  /** The same while their folders are still read. */
  allNear(): Promise<readonly OpenedProject[]>;
  /** It is in a folder of the window, holds one, or holds a document that is open: somebody looks at it here. */
  isOfWindow(opened: OpenedProject): boolean;
  setFolders(uris: readonly string[]): void;
  folders(): readonly string[];
  /** `changes`: all that was typed since the last time; undefined: the whole text is another one. */
  textChanged(uri: string, changes?: readonly TextChange[]): void;
  textClosed(uri: string): void;
  filesChanged(uris: readonly string[]): Promise<void>;
  /** An action ended: everything about the project is read again, and those who show it are told. */
  worldChanged(opened: OpenedProject): Promise<void>;
  /** Closes all; they open again, as what they are then, when they are needed. */
  restart(): Promise<void>;
}

export interface ProjectsOptions {
  readonly documents: Documents;
  /** Open in the editor, and not among the documents: no manifest. */
  isNoManifest(uri: string): boolean;
  open(root: string): Promise<Project>;
  now(): number;
  log(text: string): void;
  /** A project cannot be opened; the next request for it tries again. */
  failed(root: string, error: unknown): void;
  changed(change: Change): void;
}

interface Slot {
  readonly opening: Promise<OpenedProject>;
  /** It is open, and its folder is read if that does not take long. */
  readonly near: Promise<OpenedProject>;
  /** Its folder is read. */
  readonly whole: Promise<OpenedProject>;
  opened?: OpenedProject;
  isClosed?: true;
}

const OUR_LANGUAGE = 'identity-yaml';
/** A folder that is read within this time is known as a whole to whoever asks; of a larger one what there is by then. */
const EARLY_MS = 300;
/**
 * Facts that reach across files wait for a pause in the typing: of so many times what they cost last, so that they never take
 * most of the time while somebody types, and within these bounds.
 */
const PAUSE_PER_COST = 3;
const SHORTEST_PAUSE_MS = 40;
const LONGEST_PAUSE_MS = 300;

export function openProjects(options: ProjectsOptions): Projects {
  const { documents } = options;
  const roots = projectRoots();
  const slots = new Map<string, Slot>();
  const pauses = new Map<string, NodeJS.Timeout>();
  /** By root, in milliseconds. */
  const costs = new Map<string, number>();
  const reading = new Set<OpenedProject>();
  let folders: readonly string[] = [];

  const rootAt = (uri: string): string | undefined => {
    const file = filePath(uri);
    if (file === undefined) return undefined;
    const start = folders.includes(file) || isRoot(file) ? file : path.dirname(file);
    return roots.of(start, folders);
  };
  const isRoot = (file: string): boolean => slots.has(file);

  /** Open, or of a folder of the window. */
  const isProject = (root: string): boolean =>
    slots.has(root) || folders.some((folder) => roots.of(folder, folders) === root);

  const slotAt = (root: string): Slot => {
    const known = slots.get(root);
    if (known !== undefined) return known;
    const opening = openOne(root);
    const whole = opening.then(async (opened) => {
      await opened.state.begin();
      return opened;
    });
    const early = opening.then((opened) => pause(EARLY_MS, opened, { ref: false }));
    const slot: Slot = { opening, near: Promise.race([whole, early]), whole };
    // Whoever waits for it is told.
    slot.near.catch(() => undefined);
    slots.set(root, slot);
    opening.then(
      (opened) => {
        slot.opened = opened;
        // What is open in the editor is known now, before all else.
        for (const { uri } of documents.all())
          if (rootAt(uri) === root) options.changed({ what: 'text', opened, uri });
      },
      () => undefined,
    );
    whole.then(
      (opened) => {
        // Buffers of files of which only now is known that they hold manifests.
        for (const document of documents.all()) applyText(opened, document);
        options.changed({ what: 'world', opened });
      },
      (error: unknown) => {
        // Closed on purpose: it is opened again when it is needed.
        if (slots.get(root) !== slot) return;
        slots.delete(root);
        options.failed(root, error);
      },
    );
    return slot;
  };

  const slotOf = (uri: string): Slot | undefined => {
    const root = rootAt(uri);
    return root === undefined || (isOthers(uri) && !isProject(root)) ? undefined : slotAt(root);
  };

  const openOne = async (root: string): Promise<OpenedProject> => {
    const project = await options.open(root);
    const opened: OpenedProject = {
      root,
      uri: pathToFileURL(root).href,
      project,
      state: projectState(project, {
        now: options.now,
        changed: () => options.changed({ what: 'world', opened }),
        more: () => options.changed({ what: 'rows', opened }),
        failed: (error) => options.log(`${root}: ${error instanceof Error ? error.message : String(error)}`),
      }),
      pathOf(uri) {
        const file = filePath(uri);
        return file === undefined ? undefined : pathBelow(root, file);
      },
      uriOf(relative) {
        for (const document of documents.all())
          if (opened.pathOf(document.uri) === relative) return document.uri;
        // What comes from outside of the project has its whole path.
        return pathToFileURL(path.resolve(root, relative)).href;
      },
    };
    for (const document of documents.all()) applyText(opened, document);
    return opened;
  };

  /** Who deletes or renames a folder may be told of the folder alone: the manifests known below it went with it. */
  const withKnownBelow = (uri: string): readonly string[] => {
    const opened = openedAt(uri);
    const folder = opened?.pathOf(uri);
    if (opened === undefined || folder === undefined || mayHoldManifests(folder)) return [uri];
    const below = [...opened.project.workspace.files().keys()].filter((file) =>
      file.startsWith(`${folder}/`),
    );
    return [uri, ...below.map((file) => opened.uriOf(file))];
  };

  /** A buffer counts when its name, its language or its text says that it is ours. */
  const counts = (document: OpenDocument): boolean =>
    isOursByName(filePath(document.uri) ?? '') ||
    document.languageId === OUR_LANGUAGE ||
    mentionsManifests(document.getText());
  /** Open, and of no concern: it must not make a project of the folder that it happens to lie in. */
  const isOthers = (uri: string): boolean => {
    const document = documents.get(uri);
    return document === undefined ? options.isNoManifest(uri) : !counts(document);
  };

  const applyText = (
    opened: OpenedProject,
    document: OpenDocument,
    changes?: readonly TextChange[],
  ): boolean => {
    if (rootAt(document.uri) !== opened.root) return false;
    const relative = opened.pathOf(document.uri);
    if (relative === undefined) return false;
    const { workspace } = opened.project;
    if (workspace.typeText(relative, changes, () => document.getText())) {
      void toldWhenRead(opened);
      return true;
    }
    if (changes !== undefined && workspace.editText(relative, changes)) return true;
    if (!counts(document) && !workspace.files().has(relative)) return false;
    workspace.setText(relative, document.getText());
    return true;
  };

  /** What was asked of the text before is asked again. */
  const toldWhenRead = async (opened: OpenedProject): Promise<void> => {
    if (reading.has(opened)) return;
    reading.add(opened);
    await opened.project.workspace.settled(new AbortController().signal);
    reading.delete(opened);
    options.changed({ what: 'world', opened });
    await opened.state.refresh('known');
  };

  const openedAt = (uri: string): OpenedProject | undefined => {
    const root = rootAt(uri);
    return root === undefined ? undefined : slots.get(root)?.opened;
  };

  /** State first: who is told looks at once. */
  const worldChanged = async (opened: OpenedProject): Promise<void> => {
    if (!(await opened.state.refresh())) options.changed({ what: 'world', opened });
  };

  const refreshAfterPause = (opened: OpenedProject): void => {
    clearTimeout(pauses.get(opened.root));
    const wanted = PAUSE_PER_COST * (costs.get(opened.root) ?? 0);
    const timer = setTimeout(
      () => {
        pauses.delete(opened.root);
        const began = performance.now();
        const done = (): void => void costs.set(opened.root, performance.now() - began);
        opened.state.refresh('known').then(done, done);
      },
      Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, wanted)),
    );
    timer.unref();
    pauses.set(opened.root, timer);
  };

  const settled = async (of: (slot: Slot) => Promise<OpenedProject>): Promise<readonly OpenedProject[]> => {
    const wanted = new Set([...folders.map((folder) => roots.of(folder, folders)), ...slots.keys()]);
    const waited = Array.from(wanted, (root) => slotAt(root));
    const opened = await Promise.allSettled(waited.map(of));
    // Closed while they were waited for, and open anew.
    const isReplaced = waited.some((slot) => slot.isClosed);
    if (isReplaced) return settled(of);
    return opened.flatMap((each) => {
      // One that failed was told of when it did.
      return each.status === 'fulfilled' ? [each.value] : [];
    });
  };

  return {
    async at(uri) {
      return slotOf(uri)?.whole;
    },
    async near(uri) {
      return slotOf(uri)?.near;
    },
    openedAt: (uri) => slotOf(uri)?.opened,
    around(uri) {
      const root = rootAt(uri);
      return root === undefined || !isProject(root) ? undefined : slotAt(root).opened;
    },
    all: () => settled(({ whole }) => whole),
    allNear: () => settled(({ near }) => near),
    setFolders(uris) {
      folders = uris.flatMap((uri) => filePath(uri) ?? []);
      roots.forget();
    },
    isOfWindow: ({ root, pathOf }) =>
      folders.some((folder) => contains(folder, root) || roots.of(folder, folders) === root) ||
      [...documents.all()].some(({ uri }) => pathOf(uri) !== undefined),
    folders: () => folders,
    textChanged(uri, changes) {
      const document = documents.get(uri);
      const root = rootAt(uri);
      if (document === undefined || root === undefined) return;
      const opened = isOthers(uri) ? slots.get(root)?.opened : slotAt(root).opened;
      if (opened === undefined || !applyText(opened, document, changes)) return;
      options.changed({ what: 'text', opened, uri });
      refreshAfterPause(opened);
    },
    textClosed(uri) {
      const opened = openedAt(uri);
      const relative = opened?.pathOf(uri);
      if (opened === undefined || relative === undefined || !opened.project.workspace.files().has(relative))
        return;
      opened.project.workspace.setText(relative, undefined);
      opened.project.workspace
        .reload(relative)
        .then(() => worldChanged(opened))
        .catch((error: unknown) => options.log(`${relative}: ${String(error)}`));
    },
    async filesChanged(uris) {
      roots.forget();
      const touched = new Map<OpenedProject, 'manifests' | 'records'>();
      for (const uri of uris.flatMap(withKnownBelow)) {
        const opened = openedAt(uri);
        const relative = opened?.pathOf(uri);
        if (opened === undefined || relative === undefined) continue;
        const isManifest = mayHoldManifests(relative);
        if (isCertificateFile(relative) && !trustFiles(opened.project.workspace.index()).includes(relative))
          continue;
        const before = opened.project.workspace.files().get(relative);
        if (isManifest) await opened.project.workspace.reload(relative);
        const isNews = isOursByName(relative) || opened.project.workspace.files().get(relative) !== before;
        if (isManifest && !isNews) continue;
        if (isManifest || !touched.has(opened)) touched.set(opened, isManifest ? 'manifests' : 'records');
      }
      for (const [opened, what] of touched) {
        // Records that say nothing new, such as those that an action here has just written, are no news.
        if (what === 'manifests') await worldChanged(opened);
        else await opened.state.refresh();
      }
    },
    worldChanged,
    async restart() {
      const closing = [...slots.values()];
      for (const slot of closing) slot.isClosed = true;
      slots.clear();
      roots.forget();
      for (const timer of pauses.values()) clearTimeout(timer);
      pauses.clear();
      costs.clear();
      for (const { opening } of closing) {
        const opened = await opening.catch(() => undefined);
        opened?.state.close();
        await opened?.project.close();
      }
    },
  };
}
