/** Where a login is missing, it is offered: above the backend, and where an action failed for want of it. */
import type { ActionResult, Refusal } from '../app/api.ts';
import { isRefusal } from '../app/failure.ts';
import type { OpenedProject } from './projects.ts';
import type { Outcome } from './protocol.ts';
import type { Session } from './session.ts';

/** Code of the failure when a backend has no login, or does not take the one that it is given. */
export const LOGIN_REFUSED = 'backend/unauthenticated';

/** A backend's name is its own in its project alone. */
export function signInKey({ root }: OpenedProject, backend: string): string {
  return `${root}\n${backend}`;
}

/** The same at once, as it was looked up last. */
export function wantedSignIn(session: Session, opened: OpenedProject, backend: string): boolean {
  return (
    session.refusedLogins.has(signInKey(opened, backend)) ||
    opened.state.latest()?.signIn.has(backend) === true
  );
}

/** Whether signing in is what is missing. Nothing is contacted. */
export async function wantsSignIn(
  session: Session,
  opened: OpenedProject,
  backend: string,
): Promise<boolean> {
  if (session.refusedLogins.has(signInKey(opened, backend))) return true;
  try {
    const standing = await opened.project.logins.standing(backend);
    return standing === 'unconfirmed' || standing === 'missing';
  } catch (error) {
    session.client.log(`login of ${backend}: ${String(error)}`);
    return false;
  }
}

/** The first backend of the identity that nobody can use yet, after an action that did not end well. */
export async function signInOffer(
  session: Session,
  opened: OpenedProject | undefined,
  result: ActionResult | Refusal,
): Promise<Outcome['signIn']> {
  const { identity } = result;
  if (opened === undefined || identity === undefined || !session.trusted() || isFine(result)) return null;
  if (!isRefusal(result) && result.signIn !== undefined) return { backend: result.signIn };
  const named = opened.project.workspace.index().get(identity)?.names ?? [];
  const backends = new Set(named.filter(({ kind }) => kind === 'Backend').map(({ name }) => name));
  for (const backend of backends) if (await wantsSignIn(session, opened, backend)) return { backend };
  if (!isRefusal(result) || result.code !== LOGIN_REFUSED) return null;
  // One of them refuses the login that is kept. Which one is certain only where there is one.
  const withLogin: string[] = [];
  for (const backend of backends)
    if ((await opened.project.logins.method(backend)) !== null) withLogin.push(backend);
  const [only, ...others] = withLogin;
  return only === undefined || others.length > 0 ? null : { backend: only };
}

function isFine(result: ActionResult | Refusal): boolean {
  if (isRefusal(result)) return result.code === 'refused/not-confirmed';
  return result.state === 'done' || result.state === 'cancelled' || result.state === 'undone';
}
