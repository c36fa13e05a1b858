/** Every text that the editor has open, manifest or not, and the secrets in it. Nothing is loaded or read before somebody asks. */
import path from 'node:path';
import { contains } from '../../app/projectRoot.ts';
import type { FileScanner, ScannedFinding } from '../../app/scan/openScanner.ts';
import { type TypedChange, type TypedText, typedText } from '../../app/scan/typedText.ts';
import type { Finding } from '../../core/finding.ts';
import { comparePositions } from '../../core/text/lineIndex.ts';
import type { Range } from '../../core/text/position.ts';
import { filePath } from '../filePath.ts';
import type { OpenedProject, Projects } from '../projects.ts';
import { type HolderCache, holderCache } from './holderCache.ts';
import { judgements } from './judgements.ts';
import { lensKey } from './secretLenses.ts';

export interface OpenTexts {
  open(uri: string, version: number, text: string): void;
  change(uri: string, version: number, changes: readonly TypedChange[]): void;
  close(uri: string): void;
  /** Of all that are open. */
  uris(): readonly string[];
  /** Undefined: it is not open. */
  version(uri: string): number | undefined;
  /** A text was opened, changed or closed. Until what it returns is called. */
  onChange(listener: (uri: string) => void): () => void;
  /** Of the text as it is then; their `file` is as `placeOf` says. Empty for what is not open. */
  findings(uri: string): Promise<readonly Finding[]>;
  /** Those that were asked for last, at once. Their places may have moved since. */
  latest(uri: string): readonly Finding[];
  /** Undefined: it is not open. */
  text(uri: string): string | undefined;
  /** Identities, records, judgements or what git says of files may not be what they were. */
  forgetFacts(): void;
  /** Counts how often they were forgotten. */
  facts(): number;
  /** The octets of what the rule finds at this place now. */
  valueAt(uri: string, rule: string, range: Range): Promise<Uint8Array | undefined>;
}

interface Open {
  readonly text: TypedText;
  readonly holders: HolderCache;
  version: number;
  /** Why not all of it was looked at. */
  cut?: string;
  latest: readonly Finding[];
}

/** Where a file is, as findings name it. */
export interface Place {
  /** The project around it; undefined: none, or it is not open yet. */
  readonly opened: OpenedProject | undefined;
  /** Relative to the project or the folder of the window; the name alone elsewhere. */
  readonly path: string;
}

export interface OpenTextsOptions {
  log(text: string): void;
  /** Keys of identities were found, or are not there any more. */
  told(): void;
  now(): Date;
}

export function openTexts(projects: Projects, { log, told, now }: OpenTextsOptions): OpenTexts {
  const texts = new Map<string, Open>();
  const judged = judgements(now);
  let facts = 0;
  let loading: Promise<FileScanner> | undefined;
  const scanner = (): Promise<FileScanner> => {
    loading ??= import('../../app/scan/openScanner.ts').then(({ openScanner }) => openScanner());
    return loading;
  };
  const listeners = new Set<(uri: string) => void>();
  const changed = (uri: string): void => {
    for (const listener of listeners) listener(uri);
  };
  return {
    open(uri, version, text) {
      texts.get(uri)?.text.close();
      texts.set(uri, {
        text: typedText(placeOf(projects, uri).path, text, scanner),
        holders: holderCache(),
        version,
        latest: [],
      });
      changed(uri);
    },
    change(uri, version, changes) {
      const open = texts.get(uri);
      if (open === undefined) return;
      open.text.change(changes);
      open.version = version;
      changed(uri);
    },
    close(uri) {
      texts.get(uri)?.text.close();
      if (texts.delete(uri)) changed(uri);
    },
    uris: () => [...texts.keys()],
    version: (uri) => texts.get(uri)?.version,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async findings(uri) {
      const open = texts.get(uri);
      if (open === undefined) return [];
      const place = placeOf(projects, uri);
      const judge = await judged.of(place);
      const scanned = await open.text.scanned();
      // Nothing is typed in between: the octets are those of the findings.
      const found = await judge(
        scanned.findings.map((each) => placed(each, place.path)),
        ({ octets: { start, end } }) => open.text.octets(start, end),
      );
      for (const { why } of scanned.skipped) {
        if (open.cut !== why) log(`${place.path} was not looked at as a whole: ${why}`);
        open.cut = why;
      }
      const before = lensKey(open.latest);
      open.latest = await open.holders.named(found, place);
      if (lensKey(open.latest) !== before) told();
      return open.latest;
    },
    latest: (uri) => texts.get(uri)?.latest ?? [],
    text: (uri) => texts.get(uri)?.text.whole(),
    facts: () => facts,
    async valueAt(uri, rule, { start, end }) {
      const open = texts.get(uri);
      const { findings } = (await open?.text.scanned()) ?? { findings: [] };
      const found = findings.find(
        ({ finding }) =>
          finding.rule === rule &&
          comparePositions(finding.range.start, start) === 0 &&
          comparePositions(finding.range.end, end) === 0,
      );
      return found && open?.text.octets(found.octets.start, found.octets.end);
    },
    forgetFacts() {
      facts += 1;
      judged.forget();
      for (const { holders } of texts.values()) holders.forget();
    },
  };
}

function placed(scanned: ScannedFinding, file: string): ScannedFinding {
  return scanned.finding.file === file ? scanned : { ...scanned, finding: { ...scanned.finding, file } };
}

export function placeOf(projects: Projects, uri: string): Place {
  const opened = projects.around(uri);
  const inProject = opened?.pathOf(uri);
  if (inProject !== undefined) return { opened, path: inProject };
  const file = filePath(uri);
  if (file === undefined) return { opened: undefined, path: uri.slice(uri.indexOf(':') + 1) };
  const folder = projects.folders().find((each) => contains(each, file));
  const relative = folder === undefined ? path.basename(file) : path.relative(folder, file);
  return { opened: undefined, path: relative.replaceAll(path.sep, '/') };
}
