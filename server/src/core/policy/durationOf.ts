import { traitsOf } from '../lifecycle/kindTraits.ts';
import { isObject } from '../manifest/path.ts';
import { parseDuration } from '../text/duration.ts';
import { giverOf } from './defaults.ts';
import type { Judged } from './judged.ts';
import type { Lasting } from './limits.ts';

const PATH = ['spec', 'duration'];

/** Part of a Backend of type `local` that says how long what it issues is valid. */
const PARTS: Readonly<Record<string, string>> = {
  Certificate: 'authority',
  SshCertificate: 'ssh',
  SshKey: 'ssh',
  Token: 'tokens',
};

/** How long an identity lasts: by itself, policies, the project, its issuer as far as the manifests say, else by default. */
export function durationOf({ resource, declaration, index, defaults }: Judged): Lasting {
  const { kind } = resource;
  const written = kind === 'Workload' ? undefined : resource.spec.duration;
  const seconds =
    declaration.durationSeconds ??
    ofIssuer(kind, declaration.issuer, index) ??
    traitsOf(kind)?.defaultDurationSeconds ??
    0;
  const given = defaults.fields.find(({ path }) => path.at(-1) === 'duration')?.given;
  return {
    path: PATH,
    written,
    seconds,
    is: kind.endsWith('Key') ? 'it is used' : 'it is valid',
    by: given && `default of ${giverOf(given)}`,
  };
}

/** What a Backend's manifest says that it gives where nobody asks for another. */
function ofIssuer(kind: string, name: string | null, index: Judged['index']): number | undefined {
  const issuer = name === null ? undefined : index.backend(name);
  const part = issuer?.usable === true ? issuer.spec[PARTS[kind] ?? ''] : undefined;
  const duration = isObject(part) ? part['defaultDuration'] : undefined;
  return typeof duration === 'string' ? parseDuration(duration) : undefined;
}
