/** What a rule finds, and what it is about and does not find. */
export interface Example {
  readonly bad: Uint8Array;
  /** Absent: the server's certificate that keeps all rules. */
  readonly good?: Uint8Array;
}

export type Examples = Readonly<Record<`lint/${string}`, Example>>;
