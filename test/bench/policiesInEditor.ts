/** What an edit of a policy costs whoever types it: over stdio, with the policy and a few manifests open, as an editor asks. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ours } from './candidates.ts';
import { type Editor, startEditor } from './editor.ts';

export interface EditsInEditor {
  readonly what: string;
  /** Until the findings of the policy and of the open manifests are those of the new text. */
  readonly open: readonly number[];
  /** Until those of all other files are told, where they are others. The server waits 300 ms for more keys before it looks. */
  readonly all: readonly number[];
  /** The longest wait for a hover between the edit and the end of all that follows from it. */
  readonly hover: readonly number[];
}

export interface PolicyEdit {
  readonly what: string;
  /** Others than the open files have other findings after it. */
  readonly isNews: boolean;
  readonly text: (edit: number) => string;
}

interface Reports {
  readonly items: readonly { readonly uri: string; readonly resultId?: string }[];
}

/** What the server does after the last answer, such as rows of the inventory, belongs to the edit. */
const SETTLE_MS = 1000;

export async function editsInEditor(
  folder: string,
  policies: string,
  open: readonly string[],
  edits: readonly PolicyEdit[],
  times: number,
): Promise<readonly EditsInEditor[]> {
  const stateHome = mkdtempSync(path.join(tmpdir(), 'idac-bench-state-'));
  const editor = await startEditor(ours(), folder, stateHome);
  try {
    const uriOf = (file: string): string => pathToFileURL(path.join(folder, file)).href;
    for (const file of [policies, ...open])
      editor.open(uriOf(file), readFileSync(path.join(folder, file), 'utf8'));
    const known = new Map<string, string>();
    let questions = 0;
    const workspace = async (): Promise<void> => {
      const previousResultIds = Array.from(known, ([uri, value]) => ({ uri, value }));
      questions += 1;
      const partialResultToken = `part-${questions}`;
      await editor.client.request('workspace/diagnostic', { previousResultIds, partialResultToken });
      const parts = editor.client
        .received('$/progress')
        .map(({ params }) => params as { readonly token: string; readonly value: Reports })
        .filter(({ token }) => token === partialResultToken);
      for (const { uri, resultId } of parts.flatMap(({ value }) => value.items))
        if (resultId === undefined) known.delete(uri);
        else known.set(uri, resultId);
    };
    let asked: Promise<void> | undefined;
    /** An editor has one such question open at any time; it is answered when there is news. */
    const news = (): Promise<void> => {
      asked ??= workspace().finally(() => {
        asked = undefined;
      });
      return asked;
    };
    await news();
    await pause(SETTLE_MS);
    const shown = [policies, ...open].map(uriOf);
    const measured: EditsInEditor[] = [];
    for (const edit of edits)
      measured.push({ what: edit.what, ...(await measure(editor, shown, news, edit, times)) });
    asked?.catch(() => undefined);
    return measured;
  } finally {
    await editor.stop();
    rmSync(stateHome, { recursive: true, force: true });
  }
}

async function measure(
  editor: Editor,
  shown: readonly string[],
  news: () => Promise<void>,
  { text, isNews }: PolicyEdit,
  times: number,
): Promise<Omit<EditsInEditor, 'what'>> {
  const open: number[] = [];
  const all: number[] = [];
  const hover: number[] = [];
  const [policy = '', manifest = ''] = shown;
  for (let edit = 0; edit < times; edit += 1) {
    const told = news();
    await pause(20);
    const began = performance.now();
    editor.replace(policy, text(edit));
    const hovering = { isOver: false, longest: 0 };
    const hovers = hoverMeanwhile(editor, manifest, hovering);
    await Promise.all(shown.map((uri) => editor.diagnostics(uri, () => true)));
    open.push(performance.now() - began);
    if (isNews) {
      await told;
      all.push(performance.now() - began);
    }
    await pause(SETTLE_MS);
    hovering.isOver = true;
    await hovers;
    hover.push(hovering.longest);
  }
  return { open, all, hover };
}

async function hoverMeanwhile(
  editor: Editor,
  uri: string,
  state: { readonly isOver: boolean; longest: number },
): Promise<void> {
  while (!state.isOver) {
    const asked = performance.now();
    await editor.hover(uri, 1, 2);
    state.longest = Math.max(state.longest, performance.now() - asked);
    await pause(10);
  }
}
