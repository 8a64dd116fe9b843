import { z } from 'zod';

const place = z.object({ line: z.int(), column: z.int() });

/** As much of Stryker's JSON report as is asked for here. */
const reportSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          status: z.string(),
          replacement: z.string().default(''),
          location: z.object({ start: place, end: place }),
        }),
      ),
    }),
  ),
});

/** A mutant that no test noticed. */
export interface Survivor {
  /** Its file, as in `protocol/media.ts`. */
  readonly file: string;
  /** What was replaced by what, and in which line: `url === undefined → false in if (url === undefined) return [];`. */
  readonly name: string;
}

/** The mutants of one file. */
export interface FileScore {
  readonly file: string;
  /** Noticed by a test that failed, or that came to no end. */
  readonly noticed: number;
  readonly survivors: readonly Survivor[];
}

/** What a reader still recognises. */
const LONGEST = 90;

/** Reads Stryker's JSON report. Mutants that cannot run count for nothing, as in Stryker's own score. */
export function readReport(json: string): readonly FileScore[] {
  const { files } = reportSchema.parse(JSON.parse(json));
  return Object.entries(files).map(([path, { source, mutants }]) => {
    const file = path.replace(/^src\//, '');
    const lines = source.split('\n');
    const withStatus = (...wanted: string[]) => mutants.filter(({ status }) => wanted.includes(status));
    return {
      file,
      noticed: withStatus('Killed', 'Timeout').length,
      survivors: withStatus('Survived', 'NoCoverage').map(({ replacement, location: { start, end } }) => {
        const replaced = lines.slice(start.line - 1, end.line);
        const last = replaced.length - 1;
        replaced[last] = replaced[last]?.slice(0, end.column - 1) ?? '';
        replaced[0] = replaced[0]?.slice(start.column - 1) ?? '';
        const line = lines[start.line - 1] ?? '';
        return { file, name: `${short(replaced.join(' '))} → ${short(replacement)} in ${short(line)}` };
      }),
    };
  });
}

function short(code: string): string {
  const oneLine = code.replace(/\s+/g, ' ').trim();
  return oneLine.length <= LONGEST ? oneLine : `${oneLine.slice(0, LONGEST)}…`;
}
