/**
 * A value that must not be shown. Printing, joining, inspecting or serializing one gives a mark in place of the value,
 * so a log line or an event that takes one by mistake leaks nothing. `reveal` is the one way in: search for it to audit.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  map<U>(change: (value: T) => U): Secret<U> {
    return new Secret(change(this.#value));
  }

  toString(): string {
    return '«secret»';
  }

  toJSON(): string {
    return '«secret»';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '«secret»';
  }
}
