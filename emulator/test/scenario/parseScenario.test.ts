import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { millisecondsOf } from '../../src/scenario/duration';
import { parseScenario } from '../../src/scenario/parseScenario';
import { STEP_KINDS } from '../../src/scenario/planSteps';
import { emulatorOptionsFor, ScenarioError } from '../../src/scenario/scenario';

const FOLDER = join(__dirname, '..', '..', 'scenarios');

/** The lines of what is wrong with a text. */
function problemsIn(text: string): string[] {
  try {
    parseScenario(text, 'story.yml');
  } catch (error) {
    assert.ok(error instanceof ScenarioError, String(error));
    return error.message.split('\n');
  }
  return [];
}

describe('A scenario file', () => {
  it('is read from YAML, with the line of each step', () => {
    const scenario = parseScenario(
      [
        'name: Greeting',
        'customers: { Ann: SMS }',
        'steps:',
        '  - customer: Ann',
        '    says: hi',
        '  - clock: pause',
      ].join('\n'),
      'story.yml',
    );
    assert.deepEqual(
      scenario.steps.map(({ title, line }) => [line, title]),
      [
        [4, 'Ann says "hi"'],
        [6, 'The clock: pause'],
      ],
    );
    assert.deepEqual(scenario.customers, { Ann: 'SMS' });
    assert.equal(scenario.file, 'story.yml');
  });

  it('is read from JSON', () => {
    const { name, steps } = parseScenario(
      '{"name": "Greeting", "steps": [{"customer": "Ann", "says": "hi"}]}',
    );
    assert.deepEqual([name, steps.length], ['Greeting', 1]);
  });

  it('says what an emulator has to be created with', () => {
    const settings =
      '{ platform: IMI BOT, rule: BOT+CCSP, dialect: sloppyCasing, seed: 7, verificationToken: v, accessToken: a, answerWithin: 1s, retryDelays: [1s, 1m], answerExpectedWithin: 2s, linkAgentConversations: false, closeEventId: "1003" }';
    assert.deepEqual(
      emulatorOptionsFor(parseScenario(`name: x\nsettings: ${settings}\nsteps: [{ clock: pause }]`)),
      {
        platform: 'IMI BOT',
        rule: 'BOT+CCSP',
        dialect: 'sloppyCasing',
        seed: 7,
        verificationToken: 'v',
        accessToken: 'a',
        answerWithinMs: 1000,
        retryDelaysMs: [1000, 60_000],
        answerExpectedWithinMs: 2000,
        linkAgentConversations: false,
        closeEventId: '1003',
      },
    );
  });

  it('writes times as people do', () => {
    assert.deepEqual(
      [250, '500ms', '5s', '1.5m', '1h'].map(millisecondsOf),
      [250, 500, 5000, 90_000, 3_600_000],
    );
  });

  describe('that is wrong is refused with file, line and path:', () => {
    it('all problems at once', () => {
      const text = [
        'name: ""',
        'settings:',
        '  rule: NONE',
        'steps:',
        '  - clock: fast',
        '  - customer: Ann',
        '    says: 3',
      ];
      const problems = problemsIn(text.join('\n'));
      assert.deepEqual(
        problems.map((problem) => problem.split(': ').slice(0, 2).join(': ')),
        [
          'story.yml:1: name',
          'story.yml:3: settings.rule',
          'story.yml:5: steps[0].clock',
          'story.yml:7: steps[1].says',
        ],
      );
    });

    it('a step that there is not, with those that there are', () => {
      const [problem = ''] = problemsIn('name: x\nsteps:\n  - customer: Ann\n    shouts: hi');
      assert.match(
        problem,
        /^story\.yml:3: steps\[0\]: no step has the fields customer, shouts; there are customer, says \| /,
      );
    });

    it('a field that there is not', () => {
      assert.match(
        problemsIn('name: x\nsteps:\n  - { clock: pause, for: 5s }')[0] ?? '',
        /^story\.yml:3: steps\[0\]: .*"for"/,
      );
    });

    it('a field that is missing, where it is missing', () => {
      assert.match(
        problemsIn('name: x\nsteps:\n  - { agent: Kim, says: hi }')[0] ?? '',
        /^story\.yml:3: steps\[0\]\.to: /,
      );
    });

    it('a step in a lane', () => {
      const lanes =
        'name: x\nsteps:\n  - parallel:\n      - - clock: pause\n      - - clock: pause\n        - wait: soon';
      assert.match(
        problemsIn(lanes)[0] ?? '',
        /^story\.yml:6: steps\[0\]\.parallel\[1\]\[1\]\.wait: must be milliseconds, or a text such as '500ms'/,
      );
    });

    it('a regular expression that is none', () => {
      const text = "name: x\nsteps:\n  - { customer: Ann, reads: { matches: '(' } }";
      assert.match(problemsIn(text)[0] ?? '', /^story\.yml:3: steps\[0\]\.reads/);
    });

    it('what is no step, no list and no mapping at all', () => {
      assert.match(problemsIn('name: x\nsteps: [hello]')[0] ?? '', /a step is a mapping/);
      assert.match(problemsIn('name: x\nsteps: hello')[0] ?? '', /^story\.yml:2: steps: /);
      assert.match(problemsIn('hello')[0] ?? '', /^story\.yml:1: /);
      assert.match(problemsIn('')[0] ?? '', /^story\.yml/);
    });

    it('text that is no YAML, with all that is wrong with it', () => {
      assert.match(problemsIn('name: x\nsteps: [')[0] ?? '', /^story\.yml:\d+: /);
      const problems = problemsIn('name: x\nname: y\nsteps: []\nsteps: []');
      assert.deepEqual(
        problems.map((problem) => problem.split(': ')[0]),
        ['story.yml:2', 'story.yml:4'],
      );
    });

    const ACTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const bomb = ACTS.map((name, index) => {
      const parts =
        index === 0
          ? '[{ clock: pause }]'
          : Array(9)
              .fill(`[*${ACTS[index - 1]}]`)
              .join();
      return `  - &${name} { parallel: [${parts}] }`;
    });
    const attacks: [name: string, text: string, problem: RegExp][] = [
      [
        'an alias of nothing',
        'name: x\nsteps: [*nobody]',
        /^story\.yml:2: the alias \*nobody stands for nothing/,
      ],
      [
        'an alias of what it is in',
        'name: x\nsteps: &all\n  - parallel:\n      - *all',
        /^story\.yml:4: the alias \*all stands for what it is in/,
      ],
      [
        'a bomb of aliases',
        `name: x\nsteps:\n${bomb.join('\n')}`,
        /^story\.yml: its aliases stand for too much/,
      ],
      [
        'lists in lists',
        `name: x\nsteps: ${'['.repeat(9000)}${']'.repeat(9000)}`,
        /^story\.yml(:2)?: is nested too deeply/,
      ],
      [
        'lanes in lanes',
        `name: x\nsteps: [${'{parallel: [['.repeat(800)}{clock: pause}${']]}'.repeat(800)}]`,
        /^story\.yml(:2)?: is nested too deeply/,
      ],
      [
        'millions of characters',
        `name: x\nsteps:\n${'  - clock: pause\n'.repeat(200_000)}`,
        /^story\.yml: is longer than/,
      ],
      ['several documents', 'name: x\nsteps: []\n---\nname: y', /^story\.yml:3: .*multiple documents/],
      [
        'a prototype',
        'name: x\nsteps: [{ __proto__: { clock: pause } }]',
        /^story\.yml:2: steps\[0\]: no step has/,
      ],
      [
        'a script',
        "name: x\nsteps: [{ customer: Ann, sends: 'javascript:alert(1)' }]",
        /^story\.yml:2: steps\[0\]\.sends: must be an http/,
      ],
      ['eternity', 'name: x\nsteps: [{ clock: { jump: 9999999h } }]', /^story\.yml:2: .*longer than a year/],
      ['infinity', 'name: x\nsteps: [{ clock: { jump: .inf } }]', /^story\.yml:2: steps\[0\]\.clock/],
      ['no time at all', 'name: x\nsettings: { answerWithin: 0 }\nsteps: [{ clock: pause }]', /at least 1ms/],
    ];
    for (const [name, text, problem] of attacks) {
      it(name, () => assert.match(problemsIn(text).join('\n'), problem));
    }
  });

  it('has an example of each kind of step in the documentation', () => {
    const documentation = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'emulator.md'), 'utf8');
    const missing = STEP_KINDS.filter(({ sign }) => {
      const fields = sign.split(', ');
      return !documentation.split('\n').some((line) => fields.every((field) => line.includes(field)));
    });
    assert.deepEqual(
      missing.map(({ sign }) => sign),
      [],
    );
  });

  describe('of those that come with the package', () => {
    const files = readdirSync(FOLDER);

    it('is one of at least twelve', () => {
      assert.ok(files.length >= 12, `there are ${files.length}`);
    });

    for (const file of files) {
      it(`can be read: ${file}`, () => {
        assert.deepEqual(problemsIn(readFileSync(join(FOLDER, file), 'utf8')), []);
      });
    }
  });
});
