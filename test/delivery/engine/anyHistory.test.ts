import fc from 'fast-check';
import { DeliveryHistory } from '../../support/deliveryHistory';
import { deliveryOperations } from '../../support/deliveryOperations';

describe('DeliveryEngine, whatever happens', () => {
  it('keeps order, loses nothing and stores nothing twice', async () => {
    const property = fc.asyncProperty(deliveryOperations, async (operations) => {
      const history = new DeliveryHistory();
      await history.start();
      for (const operation of operations) await history.run(operation);
      await history.finish();
    });
    await fc.assert(property, { numRuns: 100 });
  });
});
