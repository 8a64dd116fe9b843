import { type Document, isNode, LineCounter, parseDocument, visit } from 'yaml';
import { planScenario, type Scenario, ScenarioError, type Source } from './scenario';
import type { Problem } from './stepKind';

/** Nobody writes a longer story; YAML takes its time with what somebody has generated. */
export const MAX_CHARACTERS = 2_000_000;
/** How much may come of aliases, for each that is written. */
const MAX_ALIAS_COUNT = 100;

const TOO_DEEP = 'is nested too deeply';

/**
 * Reads a scenario from YAML, or from JSON, which is YAML too.
 *
 * @param file How problems name the text.
 * @throws ScenarioError with all that is wrong.
 */
export function parseScenario(text: string, file?: string): Scenario {
  if (text.length > MAX_CHARACTERS) throw wrong(file, `is longer than ${MAX_CHARACTERS} characters`);
  try {
    return read(text, file);
  } catch (error) {
    // The stack is at its end: nothing else asks for a range here.
    throw error instanceof RangeError ? wrong(file, TOO_DEEP) : error;
  }
}

function read(text: string, file: string | undefined): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const source: Source = {
    file,
    line(path) {
      // What is missing has no place; what it is missing from has one.
      for (let length = path.length; length >= 0; length--) {
        const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
      }
      return undefined;
    },
  };
  const problems = document.errors.map(({ message, pos }) => ({
    path: [],
    message: inOtherWords(message),
    line: lines.linePos(pos[0]).line,
  }));
  if (problems.length > 0) throw new ScenarioError(problems, source);
  const aliases = aliasProblems(document, lines);
  if (aliases.length > 0) throw new ScenarioError(aliases, source);
  return planScenario(unfold(document, source), source);
}

function unfold(document: Document, { file }: Source): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw wrong(file, 'its aliases stand for too much');
  }
}

/** Aliases of nothing, and those that would go round in a circle. */
function aliasProblems(document: Document, lines: LineCounter): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias(_key, alias, ancestors) {
      const meant = alias.resolve(document);
      if (meant !== undefined && !ancestors.includes(meant)) return;
      const line = alias.range ? lines.linePos(alias.range[0]).line : undefined;
      const what =
        meant === undefined ? 'stands for nothing that comes before it' : 'stands for what it is in';
      problems.push({ path: [], message: `the alias *${alias.source} ${what}`, line });
    },
  });
  return problems;
}

/** What YAML's parser says of its own limit helps nobody. */
function inOtherWords(message: string): string {
  return /call stack/i.test(message) ? TOO_DEEP : message;
}

function wrong(file: string | undefined, message: string): ScenarioError {
  return new ScenarioError([{ path: [], message }], { file, line: () => undefined });
}
