import { UsageError } from '../app/failure.ts';
import { pathBelow } from '../app/projectRoot.ts';

/** A file or folder as it was written on the command line, seen from `root`, where it must lie. `hint`: how to reach others. */
export function operandPath(root: string, absolute: string, operand: string, hint: string): string {
  const below = pathBelow(root, absolute);
  if (below === undefined) throw new UsageError(`${operand} is not below ${root}`, hint);
  return below;
}
