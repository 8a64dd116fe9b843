import { z } from 'zod';

/** What npm says of the packages that users install. */
export type AuditVerdict =
  /** The registry was not reached, or knows no audits: nothing is known, and nothing is wrong with this project. */
  | { readonly kind: 'unanswered'; readonly why: string }
  /** `names` are the packages with findings that may stay for a while. */
  | { readonly kind: 'passed'; readonly names: readonly string[] }
  | { readonly kind: 'failed'; readonly names: readonly string[] };

/** What `npm audit --json` prints from npm 7 on. */
const reportSchema = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({ severity: z.enum(['info', 'low', 'moderate', 'high', 'critical']) }),
  ),
});

/** What it prints when there is no report. */
const failureSchema = z.object({ message: z.string() });

/** Judges what `npm audit --json` has printed. A finding that is high or critical fails. */
export function judgeAudit(printed: string): AuditVerdict {
  const json = parse(printed);
  const report = reportSchema.safeParse(json);
  if (!report.success) {
    const why = failureSchema.safeParse(json).data?.message ?? 'npm printed no report';
    return { kind: 'unanswered', why };
  }
  const found = Object.entries(report.data.vulnerabilities).map(([name, { severity }]) => ({
    name,
    severity,
  }));
  const grave = found.filter(({ severity }) => severity === 'high' || severity === 'critical');
  const names = (grave.length > 0 ? grave : found).map(({ name, severity }) => `${name} (${severity})`);
  return { kind: grave.length > 0 ? 'failed' : 'passed', names };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
