/** An arrow of a flowchart. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

const FLOW_ARROW = /^(\w+)\s*-->\s*(\w+)$/;
const PARTICIPANT = /^(?:actor|participant) (\w+) as .+$/;
const MESSAGE = /^(\w+)-?->>(\w+): .+$/;
const NOTE = /^Note over (\w+)(?:,(\w+))?: .+$/;

/** The arrows of a Mermaid flowchart. @throws {Error} for a line that is none. */
export function readFlowchart(code: string): Arrow[] {
  const [head = '', ...lines] = linesOf(code);
  if (!/^flowchart (TD|TB|LR|RL|BT)$/.test(head)) throw new Error(`'${head}' begins no flowchart`);
  return lines.map((line) => {
    const [, from, to] = FLOW_ARROW.exec(line) ?? [];
    if (from === undefined || to === undefined) throw new Error(`'${line}' is no arrow`);
    return { from, to };
  });
}

/** @throws {Error} when it is no diagram of Mermaid's that our docs use, or speaks of somebody who is not in it. */
export function checkDiagram(code: string): void {
  if (code.startsWith('flowchart')) {
    readFlowchart(code);
    return;
  }
  const [head = '', ...lines] = linesOf(code);
  if (head !== 'sequenceDiagram') throw new Error(`'${head}' begins no diagram that is known here`);
  const people = new Set<string>();
  for (const line of lines) {
    const [, person] = PARTICIPANT.exec(line) ?? [];
    if (person !== undefined) {
      people.add(person);
      continue;
    }
    const [, one, other = one] = MESSAGE.exec(line) ?? NOTE.exec(line) ?? [];
    if (one === undefined || other === undefined) throw new Error(`'${line}' cannot be read`);
    for (const named of [one, other]) if (!people.has(named)) throw new Error(`'${named}' is nobody in it`);
  }
}

function linesOf(code: string): string[] {
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
