import type { StateFolder } from '../backends/contract.ts';
import { PRIVATE_ADDRESS } from '../backends/contract.ts';
import { BackendError } from '../backends/errors.ts';

/** What a backend's name stands for, as a person confirmed it for this project root. */
export interface Binding {
  readonly backend: string;
  readonly type: string;
  readonly address: string;
  /** Digest of the project files that decide whom to trust there; absent where there are none. */
  readonly trust?: string;
}

/**
 * A repository can change what a name points to; it cannot change what was confirmed. So a login, or a shared local
 * store, is used only at the address that a person bound to this root (`idac login`).
 */
export interface Bindings {
  /** BackendError `forbidden` when the address was not confirmed, or is another one than was. */
  require(binding: Binding): Promise<void>;
  bind(binding: Binding): Promise<void>;
  of(backend: string): Promise<Binding | undefined>;
}

const FILE = 'bindings.json';
const NO_SIGNAL = new AbortController().signal;

function isBinding(value: unknown): value is Binding {
  return (
    typeof value === 'object' && value !== null && 'backend' in value && 'type' in value && 'address' in value
  );
}

export function openBindings(state: StateFolder): Bindings {
  async function all(): Promise<readonly Binding[]> {
    const bytes = await state.read(FILE);
    if (bytes === undefined) return [];
    try {
      const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
      if (Array.isArray(value)) return value.filter(isBinding);
    } catch {
      // Told below: a file that cannot be read confirms nothing.
    }
    throw new BackendError({
      kind: 'corrupt',
      what: `The confirmed addresses of this project (${FILE} in the user's state folder) cannot be read.`,
      hint: 'Remove that file and confirm each backend again with `idac login NAME`.',
    });
  }

  async function store(binding: Binding): Promise<void> {
    await state.locked(
      'bindings',
      async () => {
        const others = (await all()).filter((each) => each.backend !== binding.backend);
        await state.write(FILE, Buffer.from(`${JSON.stringify([...others, binding], null, 2)}\n`));
      },
      NO_SIGNAL,
    );
  }

  return {
    bind: store,
    of: async (backend) => (await all()).find((each) => each.backend === backend),
    async require(wanted) {
      const bound = (await all()).find((each) => each.backend === wanted.backend);
      const same = bound?.type === wanted.type && bound.address === wanted.address;
      if (same && bound.trust === wanted.trust) return;
      if (bound === undefined && wanted.address === PRIVATE_ADDRESS) return store(wanted);
      throw new BackendError({
        kind: 'forbidden',
        what: same
          ? `The CA of backend ${wanted.backend} at ${wanted.address} is another one than was confirmed.`
          : bound === undefined
            ? `Backend ${wanted.backend} points to ${wanted.address} (${wanted.type}), which nobody has confirmed for this folder yet.`
            : `Backend ${wanted.backend} points to ${wanted.address} (${wanted.type}) now; it was confirmed for ${bound.address} (${bound.type}).`,
        hint: `If that is meant, confirm it: idac login ${wanted.backend}`,
      });
    },
  };
}
