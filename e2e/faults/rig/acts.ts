import { deviceActs } from './device-acts.ts';
import { handActs } from './hand-acts.ts';
import type { Act } from './scene.ts';

/** The scripted scenario: each is played on its own, with a fault at each of its calls. */
export const acts: readonly Act[] = [...handActs, ...deviceActs];
