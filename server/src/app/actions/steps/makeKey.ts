import { generateSoftwareKey } from '../../../platform/crypto/softwareKeys.ts';
import { noKeyStore } from './keyInHand.ts';
import { stagedKeyName } from './stagedSecret.ts';
import type { Step } from './step.ts';

/** Makes a key in the store that the manifest names, or in memory and sealed here. Both are idempotent. */
export const makeKey: Step<'make-key'> = {
  async run(task, { services, staged }, signal) {
    const { store, keyId, algorithm } = task.key;
    if (store !== undefined && keyId !== undefined) {
      const { keys } = await services.backends.open(store, signal);
      if (keys === undefined) throw noKeyStore(store);
      await keys.generate(keyId, algorithm, signal);
    } else if ((await staged.get(stagedKeyName(task.generation))) === undefined) {
      const { pkcs8 } = await generateSoftwareKey(algorithm);
      signal.throwIfAborted();
      await staged.put(stagedKeyName(task.generation), pkcs8);
    }
    return { state: 'acted', outcome: { verb: 'make-key' }, events: [] };
  },

  async undo(task, { services, view }, signal) {
    const { store, keyId } = task.key;
    const isNew = view.action.plan.steps.find((step) => step.n === task.n)?.keyChanges ?? false;
    if (store !== undefined && keyId !== undefined && isNew) {
      const { keys } = await services.backends.open(store, signal);
      await keys?.destroy(keyId, signal);
    }
    // A key made in memory is erased with everything else that was staged.
    return [];
  },
};
