/** What the library is asked for. `set`: the name of a parameter set. */
export interface PostQuantumLibrary {
  /** Undefined: a set that makes no signatures. */
  verify(set: string, publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean | undefined;
  /** Both halves of the key that a seed stands for. */
  keyOf(
    set: string,
    seed: Uint8Array,
  ): { readonly secretKey: Uint8Array; readonly publicKey: Uint8Array } | undefined;
  /** The public half of a key that signs. */
  publicKeyOf(set: string, expanded: Uint8Array): Uint8Array | undefined;
  work(task: PostQuantumTask): PostQuantumWork;
}

/** What takes long with some sets. Without a seed the library draws one. */
export type PostQuantumTask =
  | { readonly do: 'make'; readonly set: string; readonly seed?: Uint8Array }
  | { readonly do: 'sign'; readonly set: string; readonly secretKey: Uint8Array; readonly data: Uint8Array };

export interface PostQuantumWork {
  readonly signature?: Uint8Array;
  readonly secretKey?: Uint8Array;
  readonly publicKey?: Uint8Array;
}

/** Other threads load the library too, and are not asked for work. */
export const MARK = 'postQuantum';
