import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlacedBelonging, ShownCard } from '../../app/credentialPage.ts';
import type { FileReading } from '../../app/inspect/reading.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import { currentGeneration, reduceRecord } from '../../core/lifecycle/record.ts';
import {
  type Arguments,
  invalid,
  optionalText,
  readArguments,
  subjectOf,
  text,
} from '../commands/arguments.ts';
import { projectOf } from '../commands/command.ts';
import type { OpenedProject } from '../projects.ts';
import {
  type InspectAnswer,
  type InspectCard,
  type InspectMoreAnswer,
  InspectMoreRequest,
  type InspectOwner,
  InspectRequest,
} from '../protocol.ts';
import { openSealed } from '../sealedPassphrase.ts';
import { type Call, type Feature, onRequest } from '../table.ts';

/**
 * A file of credentials, or what was recorded of an identity, for a person to look at. Analysis alone, in untrusted folders
 * too: nothing is contacted, and no part of a private key is in the answer.
 */
export const inspect: Feature = {
  rows: [
    onRequest(
      InspectRequest,
      (params, call) => {
        const args = readArguments(params);
        return args['identity'] === undefined ? inspectFile(args, call) : inspectRecord(args, call);
      },
      // A passphrase is slow to try, on purpose.
      { patient: true },
    ),
    onRequest(InspectMoreRequest, (params, call) => inspectMore(readArguments(params), call)),
  ],
};

async function inspectFile(args: Arguments, call: Call): Promise<InspectAnswer> {
  const { session, signal } = call;
  const uri = text(args, 'uri');
  const file = filePath(uri);
  // Of this one file: what opens one says nothing of another.
  const password = openSealed(session, args, `inspect\n${uri}`);
  const { readCredentialFile, withWeakKeys } = await import('../../app/inspect/reading.ts');
  const name = path.basename(file);
  const options = {
    now: session.now(),
    lint: 'auto' as const,
    ...(password === undefined ? {} : { password }),
  };
  const read = await readCredentialFile(file, name, options, signal);
  const { blockList } = session;
  const list = blockList === undefined ? {} : { blockList };
  const reading = read.kind === 'read' ? { ...read, ...(await withWeakKeys(read, list, signal)) } : read;
  const tried = password !== undefined;
  return answer(reading, name, { uri, tried, alone: args['alone'] === true }, call);
}

async function inspectRecord(args: Arguments, call: Call): Promise<InspectAnswer> {
  const { session, signal } = call;
  const { identity, machine } = subjectOf(args);
  const { project } = await projectOf({ session, args });
  const title = [formatIdentity(identity), ...(machine === undefined ? [] : ['on', machine])].join(' ');
  const record = reduceRecord(await project.events(identity, signal));
  const bearer = machine ?? [...record.live.keys()][0] ?? null;
  const publicText = currentGeneration(record, bearer)?.issued.publicText ?? '';
  if (publicText === '') {
    const reason =
      record.generations.length === 0 ? 'nothing was issued for it yet' : 'nothing public of it is recorded';
    return answer({ kind: 'unreadable', reason }, title, RECORDED, call);
  }
  const { readCredentialBytes } = await import('../../app/inspect/reading.ts');
  const bytes = new TextEncoder().encode(publicText);
  // By its name a reader knows what the text is: lines of OpenSSH are read in files of keys alone.
  const reading = readCredentialBytes(`${identity.name}.pub`, bytes, { now: session.now(), lint: 'auto' });
  return { ...(await answer({ kind: 'read', ...reading }, title, RECORDED, call)), publicText };
}

interface Asked {
  /** Of the file. */
  readonly uri: string | undefined;
  /** A passphrase was given. */
  readonly tried: boolean;
  /** Without what the projects know: those may still be read. */
  readonly alone: boolean;
}

const RECORDED: Asked = { uri: undefined, tried: false, alone: false };

async function answer(
  reading: FileReading,
  title: string,
  { uri, tried, alone }: Asked,
  { session, signal }: Call,
): Promise<InspectAnswer> {
  const { credentialPage } = await import('../../app/credentialPage.ts');
  const opened = alone ? [] : await session.projects.all();
  const now = session.now();
  const page = await credentialPage(reading, await known(opened, uri, signal), { now, tried }, signal);
  return {
    ...page,
    title,
    reading: reading.kind === 'read' ? session.readings.keep(reading) : null,
    deliveredHere: page.deliveredHere.map((each) => owner(each, opened)),
    cards: await asCards(page.cards, opened),
    publicText: null,
  };
}

async function inspectMore(args: Arguments, { session, signal }: Call): Promise<InspectMoreAnswer> {
  const reading = session.readings.get(text(args, 'reading'));
  if (reading === undefined) return null;
  const now = session.now();
  const more = await import('../../app/credentialPage.ts');
  const of = text(args, 'of');
  switch (of) {
    case 'cards': {
      const opened = await session.projects.all();
      const cards = more.moreCards(reading, await known(opened, undefined, signal), count(args, 'from'), now);
      return { of, cards: await asCards(cards, opened) };
    }
    case 'sections':
      return { of, sections: more.sectionsOf(reading, count(args, 'card'), now) ?? [] };
    case 'values':
      return { of, values: more.moreValues(reading, valuesAt(args), now) };
    case 'rows': {
      const filter = args['filter'] === '' ? '' : (optionalText(args, 'filter') ?? '');
      return { of, ...more.moreRows(reading, { ...placeAt(args), filter }, now) };
    }
    default:
      throw invalid('"of" is one of cards, sections, values, rows');
  }
}

function placeAt(args: Arguments) {
  return { card: count(args, 'card'), section: count(args, 'section'), from: count(args, 'from') };
}

function valuesAt(args: Arguments) {
  return { ...placeAt(args), row: count(args, 'row') };
}

function count(args: Arguments, name: string): number {
  const value = args[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw invalid(`"${name}" is missing or not a count`);
  return value;
}

async function known(opened: readonly OpenedProject[], uri: string | undefined, signal: AbortSignal) {
  return Promise.all(
    opened.map(async ({ project, state, pathOf }) => ({
      project,
      rows: (await state.snapshot(signal)).rows,
      path: uri === undefined ? undefined : pathOf(uri),
    })),
  );
}

async function asCards(
  cards: readonly ShownCard[],
  opened: readonly OpenedProject[],
): Promise<readonly InspectCard[]> {
  const { rulePage } = await import('../../app/rulePage.ts');
  return cards.map((card) => ({
    ...card,
    belongsTo: card.belongsTo.map((each) => owner(each, opened)),
    findings: card.findings.map((finding) => ({ ...finding, page: rulePage(finding.rule) })),
  }));
}

function owner(found: PlacedBelonging, opened: readonly OpenedProject[]): InspectOwner {
  const { root, declaredAt, ...shown } = found;
  const project = opened.find((each) => each.root === root);
  return {
    ...shown,
    root: project?.uri ?? '',
    declaredAt:
      declaredAt === null || project === undefined
        ? null
        : { uri: project.uriOf(declaredAt.file), range: declaredAt.range },
  };
}

function filePath(uri: string): string {
  try {
    if (uri.startsWith('file:')) return fileURLToPath(uri);
  } catch {
    // Another machine's file, or no URI at all.
  }
  throw invalid('"uri" is not a file of this machine');
}
