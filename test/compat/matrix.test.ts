import assert from 'node:assert/strict';
import { compatibilityMatrix } from './matrix';

const allowing = (node: string, botbuilder: string) => ({
  engines: { node },
  peerDependencies: { botbuilder },
});

describe('The matrix of what the package is tested on', () => {
  it('begins with the oldest of what its manifest allows, and has every Node with both botbuilders', () => {
    const cells = compatibilityMatrix(allowing('>=20.19', '^4.20.0'));
    assert.deepEqual(
      cells.map(({ node, botbuilder }) => `${node} ${botbuilder.name} ${botbuilder.version}`),
      [
        '20.19.0 oldest 4.20.0',
        '22 oldest 4.20.0',
        '24 oldest 4.20.0',
        '20.19.0 newest ^4.20.0',
        '22 newest ^4.20.0',
        '24 newest ^4.20.0',
      ],
    );
  });

  for (const range of ['20.19', '>=20', '>=20.x', '>=20.19 <25', '^20.19']) {
    it(`does not guess what is oldest in ${range}`, () => {
      assert.throws(() => compatibilityMatrix(allowing(range, '^4.20.0')), {
        message: `Cannot tell the oldest version of '${range}': write it as '>=1.2.3'.`,
      });
    });
  }
});
