import type { CodeLens } from 'vscode-languageserver/node';
import type { Finding } from '../../core/finding.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { WritingVerb } from '../../core/lifecycle/plan.ts';
import type { Session } from '../session.ts';
import { offeredActs, runCommand } from '../verbActions.ts';
import { verbTitle } from '../words.ts';

/** Above a key that was found: whose it is, and what ends that there and then. Out of what was found last; nothing is waited for. */
export function secretLenses(session: Session, uri: string): readonly CodeLens[] {
  const { codeLens: wanted, secrets } = session.settings();
  const opened = session.projects.around(uri);
  if (opened === undefined || !wanted.enabled || !secrets.whileTyping) return [];
  const place = { session, opened };
  return session.texts.latest(uri).flatMap(({ identity, acts, range: { start } }) => {
    if (identity === undefined) return [];
    const name = formatIdentity(identity);
    const range = { start, end: start };
    const whose = wanted.state ? [{ range, command: { title: `the key of ${name}`, command: '' } }] : [];
    if (acts === undefined) return whose;
    const all = { ...acts, identity: name };
    const verbs = offeredActs(place, all).filter((verb) => isWanted(verb, wanted));
    const title = (verb: WritingVerb): string =>
      acts.former === true ? `${verbTitle(verb)} what was replaced…` : `${verbTitle(verb)}…`;
    return [
      ...whose,
      ...verbs.map((verb) => ({ range, command: runCommand(place, verb, all, title(verb)) })),
    ];
  });
}

function isWanted(
  verb: WritingVerb,
  { lifecycle, destructive }: { readonly lifecycle: boolean; readonly destructive: boolean },
): boolean {
  return verb === 'revoke' || verb === 'destroy' ? destructive : lifecycle;
}

/** What lenses say of these findings: where it is another, they are asked for again. */
export function lensKey(findings: readonly Finding[]): string {
  return JSON.stringify(
    findings.flatMap(({ identity, acts, range }) =>
      identity === undefined ? [] : [[formatIdentity(identity), acts, range.start.line]],
    ),
  );
}
