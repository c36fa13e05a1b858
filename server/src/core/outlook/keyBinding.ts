import type { IdentityResource, ProjectResource } from '../manifest/resource.ts';
import type { Renewal } from '../schema/generated/specs.ts';

/**
 * What stands between a manifest and another key algorithm. `manifest`: nothing, the next rotation makes the new key.
 * `store`: the HSM, TPM or key manager that keeps the key must be able to make it. `machine`: the key is made on the
 * machine, by its owner. `authority`: the issuer makes it. `elsewhere`: others renew it. `undeclared`: no manifest declares
 * it. `none`: it has no key of its own.
 */
export type KeyBinding = 'manifest' | 'store' | 'machine' | 'authority' | 'elsewhere' | 'undeclared' | 'none';
export const KEY_BINDINGS: readonly KeyBinding[] = [
  'manifest',
  'store',
  'machine',
  'authority',
  'elsewhere',
  'undeclared',
  'none',
];

/** `makesAny`: the store makes keys of every algorithm that a manifest can name. */
export function keyBindingOf(
  resource: IdentityResource,
  project: ProjectResource | undefined,
  makesAny: (store: string) => boolean,
): KeyBinding {
  if (!resource.usable) return 'undeclared';
  if (resource.kind === 'Token' || resource.kind === 'Workload') return 'none';
  const { renewal }: { readonly renewal?: Renewal } = resource.spec;
  const by = renewal?.by ?? (project?.usable === true ? project.spec.defaults?.renewal?.by : undefined);
  if (by === 'machine' || by === 'backend') return 'elsewhere';
  if (resource.kind === 'Key') return makesAny(resource.spec.store) ? 'manifest' : 'store';
  const { origin = 'engine', store } = resource.spec.key ?? {};
  switch (origin) {
    case 'engine':
      return 'manifest';
    case 'store':
      return store !== undefined && makesAny(store) ? 'manifest' : 'store';
    case 'machine':
      return 'machine';
    case 'service':
      return 'authority';
    default:
      return origin satisfies never;
  }
}
