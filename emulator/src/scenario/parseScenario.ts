import { isNode, LineCounter, parseDocument } from 'yaml';
import { planScenario, type Scenario, ScenarioError, type Source } from './scenario';

/**
 * Reads a scenario from YAML, or from JSON, which is YAML too.
 *
 * @param file How problems name the text.
 * @throws ScenarioError with all that is wrong.
 */
export function parseScenario(text: string, file?: string): Scenario {
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
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    throw new ScenarioError([{ path: [], message: broken.message }], { file, line: () => line });
  }
  return planScenario(document.toJS({ maxAliasCount: 100 }), source);
}
