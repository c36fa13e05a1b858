import type { Refusal } from '../../app/api.ts';
import { describeFailure } from '../../app/failure.ts';
import { Secret } from '../../core/secret.ts';
import { referencesIn, storePath } from '../../core/secrets/references/referenceAt.ts';
import { withProgress } from '../progress.ts';
import { isRange } from '../ranges.ts';
import type { Session } from '../session.ts';
import { invalid, text } from './arguments.ts';
import { type Command, projectOf, refusedUntrusted } from './command.ts';

interface Kept {
  /** That stands in the place of the value now. */
  readonly reference: string;
  /** Whether git has the value in its history; null: git cannot tell. */
  readonly committed: boolean | null;
}

/** Takes the value from the server's own text, so that it never crosses the connection, and puts a reference in its place. */
export const keepSecret: Command = {
  name: 'idac.keepSecret',
  async run(call): Promise<Kept | Refusal> {
    const { session, args, progressToken, signal } = call;
    const refused = refusedUntrusted(session);
    if (refused !== undefined) return refused;
    const [uri, rule, backend] = [text(args, 'uri'), text(args, 'rule'), text(args, 'backend')];
    const { range } = args;
    if (!isRange(range)) throw invalid('"range" is the place of the finding');
    const opened = await projectOf(call);
    const path = opened.pathOf(uri) ?? '';
    const version = session.texts.version(uri);
    const octets = await session.texts.valueAt(uri, rule, range);
    const found = referencesIn(path, session.texts.text(uri) ?? '')?.(range);
    if (octets === undefined || found === undefined)
      return refusal('This is not found there any more.', 'Look at the findings of the file as it is now.');
    const manifest = opened.project.workspace.index().backend(backend);
    const { mount, folder } = kvOf(manifest?.spec);
    if (mount === undefined)
      return refusal(`${backend} keeps no secrets.`, 'Its manifest names no kv engine.');
    const inStore = storePath(path, found.name);
    const place = [folder, inStore].filter((part) => part !== undefined).join('/');
    const question = `Put the value of ${found.name} into ${backend}, at ${mount}/${place}? ${path} gets a reference in its place, which ${found.form.reader} fetches with a login of its own.`;
    if (!(await isConfirmed(session, question, signal))) return notConfirmed();
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
    const edit = { range: found.range, newText: `"${reference}"` };
    const isReplaced = await session.client.applyEdit({
      documentChanges: [{ textDocument: { uri, version: version ?? null }, edits: [edit] }],
    });
    const committed = await opened.project.wasCommitted(path, octets, signal);
    session.client.tell(
      isReplaced && committed !== true ? 'info' : 'warning',
      [
        `The value of ${found.name} is kept in ${backend}, at ${mount}/${place}.`,
        isReplaced ? '' : `The file changed meanwhile: write ${reference} in its place.`,
        committed === true
          ? 'git has it in its history: it stays a finding there until it is replaced, since whoever has the repository has it.'
          : '',
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
    );
    return { reference, committed: committed ?? null };
  },
};

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
  return refusal('It was not confirmed. Nothing was changed.', '');
}

function refusal(what: string, hint: string): Refusal {
  return { refused: true, code: 'refused/keep-secret', what, hint };
}
