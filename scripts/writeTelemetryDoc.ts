import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withMetrics } from './telemetryDoc';

const page = join(__dirname, '..', 'docs', 'telemetry.md');
writeFileSync(page, withMetrics(readFileSync(page, 'utf8')));
