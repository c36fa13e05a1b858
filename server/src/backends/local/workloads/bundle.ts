import { toHex } from '../../../core/credential/octets.ts';
import { signsJwtSvids } from '../../../core/credential/spiffe/jwtSvid.ts';
import { type TrustBundle, trustBundleText } from '../../../core/credential/spiffe/trustBundle.ts';
import type { BackendContext, CertificateAuthority } from '../../contract.ts';
import { isRecord, readJson, writeJson } from '../../jsonFile.ts';
import type { WorkloadSettings } from '../configuration.ts';
import type { LocalTokenIssuer } from '../tokens/tokenIssuer.ts';

/** How often readers of the bundle should look again: soon enough that a new key is known before it is met often. */
const REFRESH_HINT_SECONDS = 300;
const FILE = 'workloads/bundle.json';

export interface BundleSources {
  readonly context: BackendContext;
  readonly settings: WorkloadSettings;
  readonly authority: CertificateAuthority;
  readonly tokens: LocalTokenIssuer;
}

/** What vouches for this trust domain now: the roots of the CA and the keys of the token issuer, made where there are none. */
export async function currentBundle(sources: BundleSources, signal: AbortSignal): Promise<TrustBundle> {
  const { settings, authority, tokens } = sources;
  await tokens.keys.ensure(signal);
  return {
    trustDomain: settings.trustDomain,
    x509Authorities: await authority.roots(signal),
    jwtAuthorities: (await tokens.keys.verifying()).filter(({ spki }) => signsJwtSvids(spki)),
  };
}

/** The document, with a number that grows whenever its content changes (SPIFFE Trust Domain and Bundle, 4.1.1). */
export async function bundleText(sources: BundleSources, signal: AbortSignal): Promise<string> {
  const { state, hasher } = sources.context;
  return state.locked(
    'workloads-bundle',
    async () => {
      const bundle = await currentBundle(sources, signal);
      const text = trustBundleText(bundle, hasher);
      const contentSha256 = toHex(hasher.hash('sha256', new TextEncoder().encode(text)));
      const last = await readJson(state, FILE, parseSequence);
      const sequence = last?.contentSha256 === contentSha256 ? last.sequence : (last?.sequence ?? 0) + 1;
      if (sequence !== last?.sequence)
        await writeJson(state, FILE, { schemaVersion: 1, sequence, contentSha256 });
      return trustBundleText({ ...bundle, sequence, refreshHintSeconds: REFRESH_HINT_SECONDS }, hasher);
    },
    signal,
  );
}

function parseSequence(
  value: unknown,
): { readonly sequence: number; readonly contentSha256: string } | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1) return undefined;
  const { sequence, contentSha256 } = value;
  return typeof sequence === 'number' && typeof contentSha256 === 'string'
    ? { sequence, contentSha256 }
    : undefined;
}
