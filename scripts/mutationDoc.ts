import { z } from 'zod';
import type { FileScore, Survivor } from './mutationReport';

const groupsSchema = z.array(
  z.object({ reason: z.string(), survivors: z.record(z.string(), z.array(z.string())) }),
);

/** Survivors that were looked at, and why they are left. */
export type SurvivorGroups = z.output<typeof groupsSchema>;

/** The files that say who has a conversation. */
const STATE_MACHINE =
  /^delivery\/(conversation(Life|Records|Verdicts)|handoverPhases|handoffNotice|agentConversations)\.ts$/;

/** Reads `scripts/mutation/survivors.json`. */
export function readGroups(json: string): SurvivorGroups {
  return groupsSchema.parse(JSON.parse(json));
}

/** Survivors that nobody has named yet. */
export function unnamed(scores: readonly FileScore[], groups: SurvivorGroups): readonly Survivor[] {
  const isNamed = ({ file, name }: Survivor) =>
    groups.some(({ survivors }) => survivors[file]?.includes(name) ?? false);
  return scores.flatMap(({ survivors }) => survivors.filter((survivor) => !isNamed(survivor)));
}

/** Names that no survivor bears any more. */
export function stale(scores: readonly FileScore[], groups: SurvivorGroups): readonly Survivor[] {
  const left = new Set(
    scores.flatMap(({ survivors }) => survivors.map(({ file, name }) => `${file} ${name}`)),
  );
  return groups
    .flatMap(({ survivors }) => Object.entries(survivors))
    .flatMap(([file, names]) => names.map((name) => ({ file, name })))
    .filter(({ file, name }) => !left.has(`${file} ${name}`));
}

/** The page `docs/mutation.md` with what was measured and what was left. */
export function withMeasured(
  page: string,
  scores: readonly FileScore[],
  groups: SurvivorGroups,
  measured: string,
): string {
  const written = between(page, 'score', `${table(scores)}\n${measured}\n`);
  return between(written, 'survivors', groups.map((group) => section(group, scores)).join('\n'));
}

function between(page: string, name: string, content: string): string {
  const marked = new RegExp(`(<!-- ${name} -->\n)[^]*(<!-- /${name} -->)`);
  return page.replace(marked, (_all, before: string, after: string) => `${before}\n${content}\n${after}`);
}

function table(scores: readonly FileScore[]): string {
  const folders = [...new Set(scores.map(({ file }) => folderOf(file)))].sort();
  const rows = [
    ...folders.map((folder) =>
      row(
        `\`src/${folder}\``,
        scores.filter(({ file }) => folderOf(file) === folder),
      ),
    ),
    row(
      'of `src/delivery`: who has a conversation',
      scores.filter(({ file }) => STATE_MACHINE.test(file)),
    ),
    row('**all**', scores),
  ];
  return `| folder | mutants | noticed | survived | score |\n|---|---|---|---|---|\n${rows.join('')}`;
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}

function row(name: string, scores: readonly FileScore[]): string {
  const noticed = sum(scores.map((score) => score.noticed));
  const survived = sum(scores.map((score) => score.survivors.length));
  const mutants = noticed + survived;
  const score = ((100 * noticed) / mutants).toFixed(1);
  return `| ${name} | ${mutants} | ${noticed} | ${survived} | ${score} % |\n`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function section({ reason, survivors }: SurvivorGroups[number], scores: readonly FileScore[]): string {
  const left = scores
    .map(({ file, survivors: all }) => ({
      file,
      names: all.map(({ name }) => name).filter(isOf(survivors[file])),
    }))
    .filter(({ names }) => names.length > 0);
  const count = sum(left.map(({ names }) => names.length));
  const listed = left.map(({ file, names }) => `${file}\n${names.map((name) => `  ${name}\n`).join('')}`);
  return `${reason} (${count})\n\n\`\`\`text\n${listed.join('')}\`\`\`\n`;
}

function isOf(names: readonly string[] | undefined): (name: string) => boolean {
  return (name) => names?.includes(name) ?? false;
}
