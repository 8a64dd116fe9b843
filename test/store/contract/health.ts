import assert from 'node:assert/strict';
import { type DestinationHealth, HEALTHY, type HealthUpdate } from '../../../src/store/deliveryStore';
import { T0, WEBHOOK } from '../../support/storeSamples';
import type { OpenStore } from './openStore';

const inactive: DestinationHealth = {
  status: 'inactive',
  consecutiveFailures: 5,
  since: T0,
  probeAt: T0 + 60_000,
  reason: 'the webhook answered 503',
};

const oneMoreFailure: HealthUpdate = ({ consecutiveFailures }) => ({
  status: 'active',
  consecutiveFailures: consecutiveFailures + 1,
});

export function describeHealth(open: OpenStore): void {
  describe('The health of a destination', () => {
    it('is good as long as nothing is known', async () => {
      const store = await open();
      assert.deepEqual(await store.loadHealth(WEBHOOK), HEALTHY);
    });

    it('is stored with all that is known', async () => {
      const store = await open();
      assert.deepEqual(await store.updateHealth(WEBHOOK, () => inactive), inactive);
      assert.deepEqual(await store.loadHealth(WEBHOOK), inactive);
      await store.updateHealth(WEBHOOK, () => HEALTHY);
      assert.deepEqual(await store.loadHealth(WEBHOOK), HEALTHY);
    });

    it('is updated from what is stored', async () => {
      const store = await open();
      await store.updateHealth(WEBHOOK, () => inactive);
      const seen: DestinationHealth[] = [];
      await store.updateHealth(WEBHOOK, (health) => {
        seen.push(health);
        return health;
      });
      assert.deepEqual(seen.at(-1), inactive);
    });

    it('is each destination’s own', async () => {
      const store = await open();
      await store.updateHealth(WEBHOOK, () => inactive);
      assert.deepEqual(await store.loadHealth('bridge'), HEALTHY);
    });

    it('tells of which destinations there is one, also of those that are well again', async () => {
      const store = await open();
      assert.deepEqual(await store.listDestinations(), []);
      for (const name of [WEBHOOK, 'bridge']) await store.updateHealth(name, () => inactive);
      await store.updateHealth('bridge', () => HEALTHY);
      assert.deepEqual(await store.listDestinations(), ['bridge', WEBHOOK]);
    });

    it('loses no update of several at once', async () => {
      const store = await open();
      await Promise.all(Array.from({ length: 10 }, () => store.updateHealth(WEBHOOK, oneMoreFailure)));
      assert.equal((await store.loadHealth(WEBHOOK)).consecutiveFailures, 10);
    });
  });
}
