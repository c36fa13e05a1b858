import type { Hasher } from '../../../ports.ts';
import type { PlannedAction } from '../../task.ts';
import type { PlanningFacts } from '../facts.ts';
import { changesOf } from './changesOf.ts';
import type { PreviewedPlan } from './preview.ts';
import { reachOf } from './reachOf.ts';

/** The plan with exactly what it would change, out of the same facts that it was made of. */
export function previewPlan(
  facts: PlanningFacts,
  { plan, tasks }: PlannedAction,
  hasher: Hasher,
): PreviewedPlan {
  return { ...plan, changes: changesOf(facts, tasks, hasher), reach: reachOf(facts, plan, tasks) };
}
