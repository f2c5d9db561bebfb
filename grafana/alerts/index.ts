// All alerts as data, with the files that Prometheus reads them from.
import type { Alert, RuleGroup } from './alert.ts'
import { askedAgain, bankAnswersLate } from './asking.ts'
import { checkoutGroups } from './checkout.ts'
import { databaseSessionsBlocked, poolWaiting } from './database.ts'
import { backendBehind, telemetryLost } from './pipeline.ts'
import { eventLoopBlocked, queueOld } from './processes.ts'
import { sessionsGroup } from './sessions.ts'
import { collectorDown, serviceSilent } from './silence.ts'

export type { Alert } from './alert.ts'

const group = (name: string, ...alerts: Alert[]): RuleGroup => ({ name, alerts })

/** Groups of rules by the name of their file, without its end. */
export const ruleGroups: Record<string, RuleGroup[]> = {
  checkout: checkoutGroups,
  sessions: [sessionsGroup],
  saturation: [group('saturation', poolWaiting, databaseSessionsBlocked, eventLoopBlocked, queueOld)],
  asking: [group('asking', askedAgain, bankAnswersLate)],
  pipeline: [group('pipeline', serviceSilent, collectorDown, backendBehind, telemetryLost)],
}

export const alerts: Alert[] = Object.values(ruleGroups).flatMap((groups) => groups.flatMap((group) => group.alerts))

/** Names of the recorded series, which a query may ask for like any metric. */
export const recordedNames: string[] = Object.values(ruleGroups).flatMap((groups) =>
  groups.flatMap(({ recorded = [] }) => recorded.map(({ name }) => name)),
)
