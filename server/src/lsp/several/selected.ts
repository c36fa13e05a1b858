/** What a verb was asked for together: identities, or machines' shares of them, of one project or of several. */
import { formatIdentity } from '../../core/identity/identityId.ts';
import { type ActionSubject, formatSubject } from '../../core/lifecycle/plan.ts';
import { plural } from '../../core/text/instant.ts';
import type { OpenedProject } from '../projects.ts';

export interface Selected {
  readonly subject: ActionSubject;
  readonly opened: OpenedProject;
}

/** An identity's name is its own in its project alone. */
export function identityKey({ subject, opened }: Selected): string {
  return `${opened.root}\n${formatIdentity(subject.identity)}`;
}

export function subjectKey({ subject, opened }: Selected): string {
  return `${opened.root}\n${formatSubject(subject)}`;
}

/** `12 identities`, or `5 shares of 3 identities` where several are of machines of the same. */
export function countOfSelected(selected: readonly Selected[]): string {
  const identities = plural(new Set(selected.map(identityKey)).size, 'identity', 'identities');
  return identities.startsWith(`${selected.length} `)
    ? identities
    : `${plural(selected.length, 'share')} of ${identities}`;
}
