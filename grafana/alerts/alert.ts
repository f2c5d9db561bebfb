// What an alert is made of: a rule for Prometheus, and what has to be known by whoever it calls.
import type { DashboardUid } from '../dashboard.ts'

/** One page per runbook; alerts that mean the same share one. All texts are Markdown. */
export type Runbook = {
  name: string
  means: string
  isItReal: string
  lookFirst: string[]
  ends: string
}

export type Alert = {
  name: string
  expr: string
  /** For how long `expr` has to hold without a gap, and how long the alert goes on when it does not any more. */
  forSeconds: number
  keepFiringForSeconds?: number
  /** A sentence with the measured value; Prometheus fills in what is in double braces. */
  summary: string
  /** `page`: customers feel it, or nobody would know. `ticket`: somebody has to look today. `info`: helps whoever looks. */
  severity: 'page' | 'ticket' | 'info'
  /** Whether the rule's windows are minutes, so that it fires while people look, or hours, as one would have them for real. */
  window: 'workshop' | 'production'
  comparison: '>' | '>=' | '<'
  threshold: number
  /** What is compared with the threshold: its query, how a series is called, and what it is in words. */
  value: { expr: string; legend: string; unit: string; says: string }
  /** Where to look next. */
  dashboard: DashboardUid
  /** The label that names the service, where that page can show a single one. */
  serviceLabel?: string
  runbook: Runbook
}

/** A series that Prometheus computes at every evaluation, so that rules and pictures share it. */
export type Recorded = { name: string; expr: string }

/** Rules that are evaluated together, in this order: a recorded series is there for the alerts behind it. */
export type RuleGroup = {
  name: string
  /** The server's own interval where it is not given. */
  intervalSeconds?: number
  recorded?: Recorded[]
  alerts: Alert[]
}

/** Its page: `PoolWaiting` → `runbook-PoolWaiting`. */
export const runbookUid = ({ name }: Pick<Runbook, 'name'>): string => `runbook-${name}`
