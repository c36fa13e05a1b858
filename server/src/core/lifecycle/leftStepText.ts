import type { LeftStep } from './event.ts';

/** `revokes the former certificate, at vault-prod`: what a given-up action left, as a person reads it. */
export function leftStepText({ what, backend, target }: LeftStep): string {
  const at = backend === undefined ? '' : `, at ${backend}`;
  return `${what}${at}${target === undefined ? '' : ` (${target})`}`;
}
