import assert from 'node:assert/strict';
import { packageVersion } from '../../../src/operations/cli/packageVersion';
import { ownRuntime } from '../../../src/operations/cli/runtime';

describe('The command’s own runtime', () => {
  it('knows Node, and the packages of the project it was started in', () => {
    assert.equal(ownRuntime.nodeVersion, process.version);
    assert.match(ownRuntime.versionOf('botbuilder') ?? '', /^4\.\d+\.\d+/);
    assert.equal(ownRuntime.versionOf('a-package-that-nobody-has'), undefined);
  });

  it('knows the version of this package', () => {
    assert.match(packageVersion(), /^\d+\.\d+\.\d+/);
  });
});
