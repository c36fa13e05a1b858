import { X509Certificate } from 'node:crypto';
import { formatDay, plural } from '../../core/text/instant.ts';
import type { BackendContext, Health } from '../contract.ts';
import { BackendError } from '../errors.ts';
import type { VaultConfig } from './configuration.ts';
import { mapLimited } from './limited.ts';
import { apiPath } from './paths.ts';
import { certificatesIn } from './pki/certificates.ts';
import type { Vault } from './session.ts';
import { keyIdOf } from './transit/keyName.ts';

type Checks = Health['checks'];

/** What renews itself has been renewed by then. */
const SERVER_CERTIFICATE_LEFT = 14 * 86_400_000;
/** An issuer whose end is nearer than this should have a successor already. */
const ISSUER_LEFT = 30 * 86_400_000;
/** One call each: more keys than this are not looked at. */
const MOST_KEYS = 500;
const MOST_NAMED = 5;

/** What travels in the clear. */
export function transportChecks({ address }: VaultConfig): Checks {
  const what = 'transport';
  return /^https:/i.test(address)
    ? [{ what, ok: true, detail: 'TLS' }]
    : [
        {
          what,
          // Nothing else than this machine is taken without TLS: it leaves it nowhere, so it is told and is no failure.
          ok: true,
          detail:
            'plain HTTP within this machine; whoever took that port while the server is down would get the login: its TLS listener and spec.ca would tell',
        },
      ];
}

/** The server's own certificate, as the last connection showed it; nothing without TLS. */
export function serverCertificateChecks({ clock }: BackendContext, { serverCertificateEnd }: Vault): Checks {
  const end = serverCertificateEnd?.();
  if (end === undefined) return [];
  const what = 'server certificate';
  return Date.parse(end) - clock.now().getTime() >= SERVER_CERTIFICATE_LEFT
    ? [{ what, ok: true, detail: `good until ${formatDay(end)}` }]
    : [
        {
          what,
          ok: false,
          detail: `the certificate of its TLS listener ends on ${formatDay(end)}: nobody reaches it after that`,
          hint: 'have it renewed, and see why it was not renewed by itself',
        },
      ];
}

/** Whether the server keeps a log of what is asked of it; only a login with sudo on `sys/audit` may see that. */
export async function auditChecks(
  vault: Vault,
  { namespace }: VaultConfig,
  signal: AbortSignal,
): Promise<Checks> {
  const what = 'audit';
  // In any other namespace the path is not there, which says nothing about the server.
  if (namespace !== undefined)
    return [{ what, ok: true, detail: 'seen in the root namespace alone: ask whoever runs the server' }];
  try {
    const devices = Object.keys((await vault.read('sys/audit', signal))?.data ?? {});
    return devices.length > 0
      ? [{ what, ok: true, detail: plural(devices.length, 'audit device') }]
      : [
          {
            what,
            ok: false,
            detail: 'the server logs nothing: nobody could tell who used which credential',
            hint: 'have an audit device enabled (`bao audit enable file file_path=…`)',
          },
        ];
  } catch (error) {
    if (!(error instanceof BackendError) || !['forbidden', 'unsupported'].includes(error.kind)) throw error;
    return [
      { what, ok: true, detail: 'this login may not see it, as it should be: ask whoever runs the server' },
    ];
  }
}

/** Keys of ours that may leave the engine, by export or by a backup in the clear. */
export async function transitChecks(
  vault: Vault,
  { mount, prefix }: { readonly mount: string; readonly prefix: string },
  signal: AbortSignal,
): Promise<Checks> {
  const what = 'transit';
  const all = (await vault.list(apiPath(mount, 'keys'), signal)).filter(
    (name) => keyIdOf(prefix, name) !== undefined,
  );
  const looked = all.slice(0, MOST_KEYS);
  const open = await mapLimited(looked, async (name) => {
    const data = (await vault.read(apiPath(mount, 'keys', name), signal))?.data;
    const mayLeave =
      data !== undefined && (data['exportable'] !== false || data['allow_plaintext_backup'] !== false);
    return mayLeave ? name : undefined;
  });
  const names = open.filter((name) => name !== undefined);
  const rest = all.length > looked.length ? ` of the first ${looked.length}` : '';
  if (names.length === 0)
    return [{ what, ok: true, detail: `none of our keys may leave it (${plural(looked.length, 'key')})` }];
  const shown = names.slice(0, MOST_NAMED).join(', ');
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return [
    {
      what,
      ok: false,
      detail: `${plural(names.length, 'key')}${rest} may be exported or backed up in the clear: ${shown}${more}`,
      hint: 'rotate their identities, for this cannot be taken back: the next key is made so that it cannot leave',
    },
  ];
}

/** How long the certificate lasts that signs: nothing that it signs lasts longer. */
export async function issuerChecks(
  { clock }: BackendContext,
  vault: Vault,
  mount: string,
  signal: AbortSignal,
): Promise<Checks> {
  const what = 'issuer';
  const answer = await vault.read(apiPath(mount, 'cert/ca'), signal).catch((error: unknown) => {
    // OpenBao answers 400 where a mount has none.
    if (error instanceof BackendError && error.kind === 'invalid-request') return undefined;
    throw error;
  });
  const [der] = certificatesIn(answer?.data['certificate']);
  if (der === undefined)
    return [
      {
        what,
        ok: false,
        detail: `${mount} has no issuer yet`,
        hint: 'have one made or imported (pki/issuers/generate, pki/issuers/import)',
      },
    ];
  const end = Date.parse(new X509Certificate(der).validTo);
  const day = formatDay(new Date(end).toISOString());
  const left = end - clock.now().getTime();
  if (left >= ISSUER_LEFT) return [{ what, ok: true, detail: `its certificate is good until ${day}` }];
  return [
    {
      what,
      ok: false,
      detail:
        left <= 0
          ? `its certificate ended on ${day}: it can sign nothing that is valid`
          : `its certificate ends on ${day}, and everything that it signs with it`,
      hint: 'have the mount given a new issuer, and bring its root to whoever trusts the old one first',
    },
  ];
}
