import { formatIdentity } from '../../../core/identity/identityId.ts';
import { Secret } from '../../../core/secret.ts';
import { BackendError } from '../../errors.ts';
import { isRecord } from '../../jsonFile.ts';
import { garbage } from '../client.ts';
import type { TokenPlace } from '../configuration.ts';
import { mapLimited } from '../limited.ts';
import { apiPath } from '../paths.ts';
import type { Vault } from '../session.ts';
import type { MadeToken, TokenSource } from './source.ts';

/** Where the role sets no end: the server would take any. */
const LONGEST_SECONDS = 10 * 365 * 86_400;

/** What is unusable is ended without waiting long; where that fails, the next try ends it by its mark. */
const END_MILLISECONDS = 5_000;

type Facts = Readonly<Record<string, unknown>>;

/**
 * Secret ids of an AppRole: what others log in with. The server lists their accessors and keeps what we note with each,
 * so that one whose answer was lost is found again, by the mark of its request, and ended.
 */
export function secretIds(vault: Vault, { mount = 'approle', role }: TokenPlace): TokenSource {
  const path = apiPath('auth', mount, 'role', role);
  const refuse = (what: string, hint: string): BackendError =>
    new BackendError({ kind: 'invalid-request', what: `the AppRole ${role} of ${vault.name} ${what}`, hint });

  const lookUpNeed = { path: `${path}/secret-id-accessor/lookup`, capabilities: ['update'] } as const;

  async function lookUp(accessor: string, signal: AbortSignal): Promise<Facts | undefined> {
    const body = { secret_id_accessor: accessor };
    const answer = await vault.write(`${path}/secret-id-accessor/lookup`, body, signal, { repeatable: true });
    return answer?.data;
  }

  async function end(accessor: string, signal: AbortSignal): Promise<void> {
    // For one that is gone the server would answer 500.
    if ((await lookUp(accessor, signal)) === undefined) return;
    await vault.write(`${path}/secret-id-accessor/destroy`, { secret_id_accessor: accessor }, signal);
  }

  return {
    noun: 'secret id',
    path,
    claims: ['subject'],
    needs: {
      issue: [
        { path, capabilities: ['read'] },
        { path: `${path}/secret-id`, capabilities: ['update'] },
        lookUpNeed,
      ],
      revoke: [lookUpNeed, { path: `${path}/secret-id-accessor/destroy`, capabilities: ['update'] }],
      status: [lookUpNeed],
    },
    async role(signal) {
      const answer = await vault.read(path, signal);
      if (answer === undefined)
        throw new BackendError({
          kind: 'not-found',
          what: `${vault.name} has no AppRole ${role} at auth/${mount}`,
          hint: 'correct spec.tokens, or have the role made',
        });
      const { bind_secret_id: bound, secret_id_ttl: longest, secret_id_num_uses: uses } = answer.data;
      if (bound !== true) throw refuse('asks for no secret id', 'have it set to bind_secret_id=true');
      if (typeof uses === 'number' && uses > 0)
        throw refuse(
          `makes secret ids that end after ${uses} logins, which nobody could foresee`,
          'have it set to secret_id_num_uses=0',
        );
      return {
        maximumDurationSeconds: typeof longest === 'number' && longest > 0 ? longest : LONGEST_SECONDS,
        needsScopes: false,
      };
    },
    async make({ identity, subject, durationSeconds }, mark, signal): Promise<MadeToken> {
      const at = `${path}/secret-id`;
      const metadata = JSON.stringify({ identity: formatIdentity(identity), subject, request: mark });
      const answer = await vault.write(at, { ttl: `${durationSeconds}s`, metadata }, signal);
      const { secret_id: secret, secret_id_accessor: accessor } = answer?.data ?? {};
      if (typeof secret !== 'string' || secret === '' || typeof accessor !== 'string')
        throw garbage(vault.name, at, true);
      const { creation_time: from, expiration_time: to } =
        (await lookUp(accessor, signal).catch(async (error: unknown) => {
          await end(accessor, AbortSignal.timeout(END_MILLISECONDS)).catch(() => undefined);
          throw error;
        })) ?? {};
      const [issuedAt, notAfter] = [from, to].map((each) => Date.parse(typeof each === 'string' ? each : ''));
      if (issuedAt === undefined || notAfter === undefined || Number.isNaN(issuedAt + notAfter))
        throw garbage(vault.name, `${path}/secret-id-accessor/lookup`, true);
      if (Math.abs(notAfter - issuedAt - durationSeconds * 1000) > 1000) {
        await end(accessor, signal);
        throw refuse('gives secret ids another life than spec.duration asks for', 'correct spec.duration');
      }
      return {
        accessor,
        token: new Secret(secret),
        issuedAt: new Date(issuedAt).toISOString(),
        notAfter: new Date(notAfter).toISOString(),
      };
    },
    settle: async () => undefined,
    async endUnnoted(mark, signal) {
      await mapLimited(await vault.list(`${path}/secret-id`, signal), async (accessor) => {
        const metadata = (await lookUp(accessor, signal))?.['metadata'];
        if (isRecord(metadata) && metadata['request'] === mark) await end(accessor, signal);
      });
    },
    end,
    counts: async (accessor, signal) => (await lookUp(accessor, signal)) !== undefined,
  };
}
