import type { ServedWorld } from '../world';
import type { RestParts } from './routeParts';
import type { Watched } from './worldStream';

/** The emulator's world, and whether it is recorded. */
export function servedWorld({ emulator, recorder }: RestParts): ServedWorld {
  return { ...emulator.world(), isRecording: recorder.isRecording };
}

/** The same, for whoever wants to hear of each change. */
export function watched(parts: RestParts): Watched {
  return {
    world: () => servedWorld(parts),
    subscribe: (listener) => {
      const endings = [parts.emulator.subscribe(listener), parts.recorder.subscribe(listener)];
      return () => {
        for (const end of endings) end();
      };
    },
  };
}
