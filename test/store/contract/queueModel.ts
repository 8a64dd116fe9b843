import fc from 'fast-check';
import type { DeliveryStore } from '../../../src/store/deliveryStore';
import type { ModelSettlement } from '../../support/laneModel';
import { QueueHistory } from '../../support/queueHistory';
import { queueOperations } from '../../support/queueOperations';
import { inboxOf, outboxOf, type QueueUnderTest } from '../../support/queueUnderTest';

const queues: [name: string, of: (store: DeliveryStore) => QueueUnderTest, settlements: ModelSettlement[]][] =
  [
    ['inbox', inboxOf, ['remove', 'remove', 'retry', 'release', 'hold']],
    ['outbox', outboxOf, ['remove', 'remove', 'retry', 'release']],
  ];

export function describeQueueModel(make: () => Promise<DeliveryStore>, runs: number): void {
  for (const [name, of, settlements] of queues) {
    describe(`The ${name}, whatever happens`, () => {
      it('keeps each lane in order and gives it to one holder at a time', async () => {
        const property = fc.asyncProperty(queueOperations(settlements), async (operations) => {
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
