/** A policy from outside cannot be had: whoever named it must not be judged without it. */
export class PackError extends Error {
  override readonly name = 'PackError';
  readonly hint: string;

  constructor(what: string, hint: string) {
    super(what);
    this.hint = hint;
  }
}
