import type { Refusal } from '../../app/api.ts';
import { describeFailure } from '../../app/failure.ts';
import { Secret } from '../../core/secret.ts';
import { referencesIn, storePath } from '../../core/secrets/references/referenceAt.ts';
import type { Range } from '../../core/text/position.ts';
import { withProgress } from '../progress.ts';
import { isRange } from '../ranges.ts';
import type { Session } from '../session.ts';
import { invalid, text } from './arguments.ts';
import { type Command, type CommandCall, projectOf, refusedUntrusted } from './command.ts';

interface Kept {
  /** That stands in the place of the value now. */
  readonly reference: string;
  /** Whether git has the value in its history; null: git cannot tell. */
  readonly committed: boolean | null;
}

const NOT_CONFIRMED = 'refused/not-confirmed';

/** Takes the value from the server's own text, so that it never crosses the connection, and puts a reference in its place. */
export const keepSecret: Command = {
  name: 'idac.keepSecret',
  async run(call): Promise<Kept | Refusal> {
    const answer = await keep(call);
    // It comes from a quick fix, which shows no answer.
    if ('refused' in answer && answer.code !== NOT_CONFIRMED)
      call.session.client.tell('warning', `${answer.what} ${answer.hint}`.trim());
    return answer;
  },
};

async function keep(call: CommandCall): Promise<Kept | Refusal> {
  const { session, args, progressToken, signal } = call;
  const refused = refusedUntrusted(session);
  if (refused !== undefined) return refused;
  const [uri, rule, backend] = [text(args, 'uri'), text(args, 'rule'), text(args, 'backend')];
  const { range } = args;
  if (!isRange(range)) throw invalid('"range" is the place of the finding');
  const opened = await projectOf(call);
  const path = opened.pathOf(uri) ?? '';
  const octets = await session.texts.valueAt(uri, rule, range);
  const version = session.texts.version(uri);
  const isAsItWas = (): boolean => session.texts.version(uri) === version;
  const found = referencesIn(path, session.texts.text(uri) ?? '')?.(range);
  if (octets === undefined || found === undefined)
    return refusal('This is not found there any more.', 'Look at the findings of the file as it is now.');
  const manifest = opened.project.workspace.index().backend(backend);
  const { mount, folder } = kvOf(manifest?.spec);
  if (mount === undefined) return refusal(`${backend} keeps no secrets.`, 'Its manifest names no kv engine.');
  const inStore = storePath(path, found.name);
  const place = [folder, inStore].filter((part) => part !== undefined).join('/');
  const question = `Put the value of ${found.name} into ${backend}, at ${mount}/${place}? ${path} gets a reference in its place, which ${found.form.reader} fetches with a login of its own.`;
  if (!(await isConfirmed(session, question, signal))) return notConfirmed();
  if (!isAsItWas())
    return refusal(
      `${path} changed while you were asked. Nothing was put into ${backend}.`,
      'Choose the fix again, on the file as it is now.',
    );
  try {
    const title = `Putting ${found.name} into ${backend}`;
    await withProgress(session, { title, token: progressToken, signal }, (progress) =>
      opened.project.keepSecret(backend, inStore, new Secret(octets), progress.signal),
    );
  } catch (error) {
    signal.throwIfAborted();
    const { code, what, hint } = describeFailure(error);
    return { refused: true, code, what, hint };
  }
  const reference = found.form.write({ mount, path: place, field: 'value' });
  const isReplaced = isAsItWas() && (await isPut(session, uri, version, found.range, reference));
  const where = `The value of ${found.name} is kept in ${backend}, at ${mount}/${place}.`;
  // Before git is asked: whatever that comes to, the value is there.
  if (isReplaced) session.client.tell('info', where);
  else session.client.tell('warning', `${where} ${path} was not changed: write "${reference}" in its place.`);
  const committed = await opened.project.wasCommitted(path, octets, signal);
  if (committed === true)
    session.client.tell(
      'warning',
      `git has the value of ${found.name} in its history: it stays a finding there until it is replaced, since whoever has the repository has it.`,
    );
  return { reference, committed: committed ?? null };
}

/** Whether the reference stands in the file. */
function isPut(
  { client }: Session,
  uri: string,
  version: number | undefined,
  range: Range,
  reference: string,
): Promise<boolean> {
  const edits = [{ range, newText: `"${reference}"` }];
  return client
    .applyEdit({ documentChanges: [{ textDocument: { uri, version: version ?? null }, edits }] })
    .catch(() => false);
}

function kvOf(spec: object | undefined): { readonly mount?: string; readonly folder?: string } {
  const { kv } = (spec ?? {}) as { readonly kv?: { readonly mount?: string; readonly folder?: string } };
  return kv ?? {};
}

async function isConfirmed(session: Session, question: string, signal: AbortSignal): Promise<boolean> {
  const yes = 'Put';
  const chosen = await session.client.choose('warning', question, [yes, 'Cancel'], signal).catch(() => {
    signal.throwIfAborted();
    return undefined;
  });
  return chosen === yes;
}

function notConfirmed(): Refusal {
  return { refused: true, code: NOT_CONFIRMED, what: 'It was not confirmed. Nothing was changed.', hint: '' };
}

function refusal(what: string, hint: string): Refusal {
  return { refused: true, code: 'refused/keep-secret', what, hint };
}
