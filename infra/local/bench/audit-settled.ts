// The audit once nothing is in flight any more.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AuditReport, audit } from '../../../services/workshop/audit.ts'
import type { Lab } from '../lab.ts'

const withinMs = 90_000

/** The last report, settled or not: what is in flight for so long is told as it is. */
export async function auditUntilSettled(lab: Lab): Promise<AuditReport> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const report = await audit({ databaseUrl: lab.databaseUrl('auditor'), bankUrl: lab.urls.bank })
    const isSettled = Object.values(report.inFlight).every((count) => count === 0)
    if ((isSettled && report.violations.length === 0) || Date.now() > deadline) return report
    await sleep(1_000)
  }
}
