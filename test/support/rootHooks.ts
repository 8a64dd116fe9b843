import nock from 'nock';

/**
 * nock stands between Node and every socket from the moment it is imported. Real HTTP has to be real, so it is
 * off unless a test switches it on.
 */
export const mochaHooks = {
  beforeAll(): void {
    nock.restore();
  },
};
