import assert from 'node:assert/strict';
import { WEBHOOK_DESTINATION } from '../../src/delivery/destinations';

describe('WEBHOOK_DESTINATION', () => {
  it('is the name under which earlier versions have stored what waits', () => {
    assert.equal(WEBHOOK_DESTINATION, 'webhook');
  });
});
