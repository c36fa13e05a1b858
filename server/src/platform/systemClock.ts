import type { Clock } from '../core/ports.ts';

export const SYSTEM_CLOCK: Clock = { now: () => new Date() };
