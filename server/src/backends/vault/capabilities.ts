import type { Clock } from '../../core/ports.ts';
import { BackendError } from '../errors.ts';
import type { Vault } from './session.ts';

/** A path as `apiPath` gives it, and what a call wants to do there. */
export interface Need {
  readonly path: string;
  readonly capabilities: readonly Capability[];
}

export type Capability = 'create' | 'read' | 'update' | 'delete' | 'list';

/** What the server tells of its rate limit, where it is set to tell (`enable_rate_limit_response_headers`). */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
}

/** What the login in use may do, by the server's own word. */
export interface Capabilities {
  /** One call for all paths that were not asked for just now. `undefined`: the login may not ask. */
  lacking(needs: readonly Need[], signal: AbortSignal): Promise<readonly Need[] | undefined>;
  /** What was told so far counts no longer: somebody wants to know how it is now. */
  forget(): void;
  /** As of the last call. */
  rateLimit(): RateLimit | undefined;
}

/** So long an answer counts: a run over many identities asks once, and a policy that was mended counts soon. */
const KEPT_MILLISECONDS = 5_000;

export function openCapabilities(vault: Vault, clock: Clock): Capabilities {
  const known = new Map<string, { readonly granted: ReadonlySet<string>; readonly until: number }>();
  let seen: RateLimit | undefined;

  async function ask(paths: readonly string[], signal: AbortSignal): Promise<void> {
    const answer = await vault.write('sys/capabilities-self', { paths }, signal, { repeatable: true });
    const until = clock.now().getTime() + KEPT_MILLISECONDS;
    for (const path of paths) {
      const granted = answer?.data[path];
      known.set(path, { granted: new Set(Array.isArray(granted) ? granted : []), until });
    }
    const { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining } = answer?.headers ?? {};
    seen =
      limit === undefined || remaining === undefined
        ? undefined
        : { limit: Number(limit), remaining: Number(remaining) };
  }

  return {
    forget: () => known.clear(),
    rateLimit: () => seen,
    async lacking(needs, signal) {
      const now = clock.now().getTime();
      for (const [path, { until }] of known) if (until <= now) known.delete(path);
      // The server wants the path as a policy has it, not as a URL has it.
      const plain = (path: string): string => decodeURIComponent(path);
      const unknown = [...new Set(needs.map(({ path }) => plain(path)))].filter((path) => !known.has(path));
      try {
        if (unknown.length > 0) await ask(unknown, signal);
      } catch (error) {
        if (error instanceof BackendError && error.kind === 'forbidden') return undefined;
        throw error;
      }
      return needs.flatMap(({ path, capabilities }) => {
        const granted = known.get(plain(path))?.granted ?? new Set();
        const missing = granted.has('root') ? [] : capabilities.filter((each) => !granted.has(each));
        return missing.length === 0 ? [] : [{ path: plain(path), capabilities: missing }];
      });
    },
  };
}

/** `pki/sign/payments (update)`. */
export function needText({ path, capabilities }: Need): string {
  return `${path} (${capabilities.join(', ')})`;
}
