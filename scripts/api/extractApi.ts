import { join } from 'node:path';
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
  type IConfigFile,
} from '@microsoft/api-extractor';
import { Declarations, type Place } from './declarations';
import type { EntryPoint } from './entryPoints';

export interface ApiFolders {
  /** Where the reports are committed. */
  readonly reports: string;
  /** Where those of now are put, to compare. */
  readonly temporary: string;
}

/**
 * Writes the report of an entry point, or compares it with the one that is committed.
 *
 * @returns What is wrong, in a line each.
 */
export function extractApi(entryPoint: EntryPoint, folders: ApiFolders, mode: 'write' | 'check'): string[] {
  const faults: string[] = [];
  const judge = judgeOf(entryPoint);
  const { apiReportChanged } = Extractor.invoke(configure(entryPoint, folders), {
    localBuild: mode === 'write',
    messageCallback: (message) => {
      const fault = judge(message);
      if (fault !== undefined) faults.push(fault);
      message.handled = true;
    },
  });
  if (mode === 'check' && apiReportChanged)
    faults.push(
      `api/${entryPoint.name}.api.md is not what was built: see the difference by \`npm run api\`.`,
    );
  return faults;
}

function configure({ name, project, declarations }: EntryPoint, { reports, temporary }: ApiFolders) {
  const log = { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: false };
  const configObject: IConfigFile = {
    projectFolder: project,
    mainEntryPointFilePath: declarations,
    newlineKind: 'lf',
    compiler: { tsconfigFilePath: join(project, 'tsconfig.build.json') },
    apiReport: {
      enabled: true,
      reportFileName: name,
      reportFolder: reports,
      reportTempFolder: temporary,
      // The options of the adapter are inferred from schemas that nobody else needs.
      includeForgottenExports: true,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: log },
      extractorMessageReporting: { default: log },
      tsdocMessageReporting: { default: log },
    },
  };
  const packageJsonFullPath = join(project, 'package.json');
  return ExtractorConfig.prepare({ configObject, configObjectFullPath: undefined, packageJsonFullPath });
}

function judgeOf(entryPoint: EntryPoint): (message: ExtractorMessage) => string | undefined {
  const declarations = new Declarations(entryPoint);
  return (message) => {
    const place = placeOf(message);
    if (place === undefined || !declarations.isPublic(place)) return undefined;
    const isFault = judge(message, place, declarations);
    return isFault ? `${place.file}:${place.line} - ${message.text}` : undefined;
  };
}

function judge({ messageId, text }: ExtractorMessage, place: Place, declarations: Declarations): boolean {
  switch (messageId) {
    case 'ae-undocumented':
      return !declarations.speaksForItself(place);
    case 'ae-forgotten-export':
      return declarations.isWanted(/"(.+?)"/.exec(text)?.[1] ?? '', place);
    case 'ae-unresolved-link':
      return true;
    default:
      return false;
  }
}

function placeOf(message: ExtractorMessage): Place | undefined {
  const { sourceFilePath: file, sourceFileLine: line, sourceFileColumn: column } = message;
  if (file === undefined || line === undefined || column === undefined) return undefined;
  return { file, line, column };
}
