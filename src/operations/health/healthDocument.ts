import type { AdapterHealth, HealthStatus } from './adapterHealth';

/** What a service says of itself. */
export interface ServiceIdentity {
  /** The service's public version. */
  readonly version?: string | undefined;
  /** The release that runs: a build or a commit. */
  readonly releaseId?: string | undefined;
  readonly serviceId?: string | undefined;
  readonly description?: string | undefined;
}

/** One reading of a check, as the draft names its fields. */
export interface HealthDocumentCheck {
  readonly componentId?: string;
  readonly componentType: string;
  readonly observedValue?: number | string;
  readonly observedUnit?: string;
  readonly status: HealthStatus;
  /** ISO 8601. */
  readonly time: string;
  readonly output?: string;
}

/** `application/health+json`, after draft-inadarei-api-health-check-06. */
export interface HealthDocument extends ServiceIdentity {
  readonly status: HealthStatus;
  /** The reasons, one by one. */
  readonly notes?: readonly string[];
  /** The reasons as one text; absent when all is well. */
  readonly output?: string;
  /** By `component:measurement`; several bridges are several entries under one name. */
  readonly checks?: Readonly<Record<string, readonly HealthDocumentCheck[]>>;
}

/** Writes the adapter's health in the draft's form. Pure. */
export function healthDocumentOf(health: AdapterHealth, identity: ServiceIdentity): HealthDocument {
  const { status, reasons, checks } = health;
  const time = new Date(health.at).toISOString();
  const byName: Record<string, HealthDocumentCheck[]> = {};
  for (const { name, reason, ...check } of checks) {
    byName[name] ??= [];
    byName[name].push({ ...check, time, ...(reason !== undefined && { output: reason }) });
  }
  return {
    status,
    ...identity,
    ...(reasons.length > 0 && { notes: reasons, output: reasons.join('; ') }),
    checks: byName,
  };
}
