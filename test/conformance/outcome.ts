export interface Outcome {
  readonly passed: number;
  /** Each case that failed, with what was expected and why it came out otherwise. */
  readonly failed: readonly string[];
}
