import { spawnSync } from 'node:child_process';
import { judgeAudit } from './auditVerdict';

/** Of all that users install, the emulator's packages included: a workspace is audited with its root. */
const AUDIT = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=30000'];

function main(): number {
  // npm ends with 1 for a finding and for a registry that does not answer alike; what it prints tells them apart.
  const { stdout } = spawnSync('npm', AUDIT, { encoding: 'utf8', shell: process.platform === 'win32' });
  const verdict = judgeAudit(stdout ?? '');
  switch (verdict.kind) {
    case 'unanswered':
      return tell(`Not audited, for the registry did not answer: ${verdict.why}`, 0);
    case 'passed':
      return tell(`No high finding. ${verdict.names.join(', ')}`.trim(), 0);
    case 'failed':
      return tell(
        `Findings that are high or critical: ${verdict.names.join(', ')}. See npm audit --omit=dev.`,
        1,
      );
  }
}

function tell(line: string, status: number): number {
  process.stdout.write(`${line}\n`);
  return status;
}

process.exitCode = main();
