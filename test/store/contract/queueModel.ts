import fc from 'fast-check';
import type { DeliveryStore } from '../../../src/store/deliveryStore';
import { QueueHistory } from '../../support/queueHistory';
import { queueOperations } from '../../support/queueOperations';
import { inboxOf, outboxOf, type QueueUnderTest } from '../../support/queueUnderTest';

const queues: [name: string, of: (store: DeliveryStore) => QueueUnderTest][] = [
  ['inbox', inboxOf],
  ['outbox', outboxOf],
];

export function describeQueueModel(make: () => Promise<DeliveryStore>, runs: number): void {
  for (const [name, of] of queues) {
    describe(`The ${name}, whatever happens`, () => {
      it('keeps each lane in order and gives it to one holder at a time', async () => {
        const property = fc.asyncProperty(queueOperations, async (operations) => {
          const store = await make();
          await store.open();
          try {
            const history = new QueueHistory(store, of(store));
            for (const operation of operations) await history.run(operation);
            await history.finish();
          } finally {
            await store.close();
          }
        });
        await fc.assert(property, { numRuns: runs });
      });
    });
  }
}
