import assert from 'node:assert/strict';
import { refusalOf, repositoryOf } from '../../scripts/releaseVerdict';

const NAMED = 'git+https://github.com/owner/name.git';

describe('The repository that a manifest names', () => {
  for (const origin of [
    'https://github.com/owner/name',
    'https://github.com/Owner/name.git',
    'https://token@github.com/owner/name.git',
    'git@github.com:owner/name.git',
    'ssh://git@github.com/owner/name.git/',
  ]) {
    it(`is the same as ${origin}`, () => assert.equal(refusalOf(origin, NAMED), undefined));
  }

  for (const origin of [
    'https://github.com/another/name.git',
    'https://gitlab.com/owner/name.git',
    'git@github.com:owner/name2.git',
  ]) {
    it(`is not ${origin}`, () => {
      assert.match(refusalOf(origin, NAMED) ?? '', /correct repository, homepage and bugs in package\.json/);
    });
  }

  it('cannot be compared without a remote', () => {
    assert.match(refusalOf(undefined, NAMED) ?? '', /release from a clone/);
  });

  it('is none when it is no address', () => assert.equal(repositoryOf('name'), undefined));
});
