import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { Block } from './markdown';
import { ROOT } from './pages';

const CONTEXT = join(ROOT, 'test', 'docs', 'support', 'context.ts');

/** The languages that the compiler reads. */
export const COMPILED = ['ts', 'js'] as const;

/**
 * What the compiler, as strict as this project's own, finds wrong in each block; in one program, for speed. A block is a
 * module of its own: it has what it imports, and what its `context:` note names of `context.ts`.
 */
export function compileBlocks(blocks: readonly Block[]): Map<Block, string[]> {
  const files = new Map(blocks.map((block, index) => [fileOf(block, index), block]));
  const program = programOf(new Map([...files].map(([file, block]) => [file, sourceOf(block)])));
  return new Map([...files].map(([file, block]) => [block, errorsIn(program, file)]));
}

/** `.mts`, so that `await` may stand on the top level; beside the page, so that it finds what the repository has installed. */
function fileOf({ language, place }: Block, index: number): string {
  const page = place.replace(/\W+/g, '-');
  return join(dirname(CONTEXT), `${page}-${index}.${language === 'js' ? 'mjs' : 'mts'}`);
}

function sourceOf({ code, notes }: Block): string {
  const names = notes.get('context') ?? [];
  const given = names.length === 0 ? '' : `import { ${names.join(', ')} } from './context.js';`;
  return `${given}\n${code}\nexport {};\n`;
}

function programOf(sources: ReadonlyMap<string, string>): ts.Program {
  const options: ts.CompilerOptions = {
    ...projectOptions(),
    allowJs: true,
    checkJs: true,
    // A fragment shows how something is made, and not always what becomes of it.
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.readFile = (name) => sources.get(name) ?? readFile(name);
  host.getSourceFile = (name, languageVersionOrOptions, ...rest) => {
    const source = sources.get(name);
    return source === undefined
      ? getSourceFile(name, languageVersionOrOptions, ...rest)
      : ts.createSourceFile(name, source, languageVersionOrOptions);
  };
  return ts.createProgram([...sources.keys()], options, host);
}

function projectOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, ROOT).options;
}

function errorsIn(program: ts.Program, file: string): string[] {
  const source = program.getSourceFile(file);
  if (source === undefined) return ['the compiler has not seen it'];
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ start = 0, messageText }) => {
      // The line of what is given stands before the block's first.
      const { line } = source.getLineAndCharacterOfPosition(start);
      return `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    },
  );
}
