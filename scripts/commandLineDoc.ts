import { commandLineStage, runShown } from '../test/docs/support/commandLineStage';
import { withOutputs } from '../test/docs/support/consoleBlocks';

/** The page `docs/command-line.md` with the output that its commands have today. */
export async function commandLineDoc(page: string): Promise<string> {
  const stage = await commandLineStage();
  return withOutputs(page, (line) => runShown(stage, line));
}
