import type { ProgressToken } from 'vscode-languageserver/node';
import type { Refusal } from '../../app/api.ts';
import type { OpenedProject } from '../projects.ts';
import type { Session } from '../session.ts';
import { type Arguments, invalid, optionalText } from './arguments.ts';

export interface CommandCall {
  readonly session: Session;
  readonly args: Arguments;
  /** Given by a client that wants to show the progress itself. */
  readonly progressToken: ProgressToken | undefined;
  readonly signal: AbortSignal;
}

/** One row of the table command → handler. */
export interface Command {
  readonly name: string;
  run(call: CommandCall): Promise<unknown>;
}

/** The project that `uri` is in; without it, the only one that is open. */
export async function projectOf({
  session,
  args,
}: Pick<CommandCall, 'session' | 'args'>): Promise<OpenedProject> {
  const uri = optionalText(args, 'uri');
  if (uri !== undefined) {
    const opened = await session.projects.at(uri);
    if (opened === undefined) throw invalid('"uri" is not a file');
    // Trust was given to this window. A caller must not make the server act in a folder that nobody opened in it.
    if (!session.projects.isOfWindow(opened))
      throw invalid('"uri" is in no folder and no document that is open here');
    return opened;
  }
  const [only, ...others] = await session.projects.all();
  if (only === undefined) throw invalid('no folder is open: "uri" says which file is meant');
  if (others.length > 0) throw invalid('several projects are open: "uri" says which one is meant');
  return only;
}

/** Undefined: the folder is trusted. */
export function refusedUntrusted(session: Session): Refusal | undefined {
  if (session.trusted()) return undefined;
  return {
    refused: true,
    code: 'refused/untrusted',
    what: 'This folder is not trusted, so nothing in it is acted on.',
    hint: 'Trust the workspace in the editor, or start the server with --trusted.',
  };
}
