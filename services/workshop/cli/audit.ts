// `slow audit`: money is conserved, once or until stopped. Offending rows are printed, and end it with 1.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { type AuditReport, audit } from '../audit.ts'
import { auditUrlOf, bankUrlOf } from '../config.ts'
import { type CommandContext, exitCodes } from './command.ts'

const everyMs = 2_000
/** An audit reads every order there is: watching may take this share of the database's time, however many they become. */
const busyShare = 0.05

export function addAudit(program: Command, context: CommandContext): void {
  program
    .command('audit')
    .description('check that every order has its money and its stock, in the shop and at the bank')
    .option('--watch', 'again and again until Ctrl-C, which ends it with 0 if nothing was found', false)
    .addHelpText('after', '\nExit code: 0 nothing is wrong, 1 something is, or it could not be checked.')
    .action((options: { watch: boolean }) => (options.watch ? watch(context) : once(context)))
}

async function once(context: CommandContext): Promise<void> {
  const report = await audit(optionsOf(context))
  tell(report, context)
}

async function watch(context: CommandContext): Promise<void> {
  const { signal } = context
  while (!signal.aborted) {
    const startedMs = performance.now()
    tell(await audit(optionsOf(context)), context, true)
    const tookMs = performance.now() - startedMs
    await sleep(Math.max(everyMs, tookMs / busyShare), undefined, { signal }).catch(() => {})
  }
}

const optionsOf = ({ config }: CommandContext) => ({
  databaseUrl: auditUrlOf(config),
  bankUrl: bankUrlOf(config).href,
})

function tell(report: AuditReport, { terminal, exitWith }: CommandContext, isPassing = false): void {
  const { violations } = report
  const show = isPassing && violations.length === 0 && terminal.isTTY ? terminal.passing : terminal.say
  show(summaryOf(report))
  for (const { rule, row } of violations) terminal.say(`  ${rule}: ${JSON.stringify(row)}`)
  if (violations.length > 0) exitWith(exitCodes.failed)
}

/** `12:00:00  410 placed, 2 cancelled, in flight: 1 pending order: nothing is wrong` */
function summaryOf({ at, placed, cancelled, inFlight, violations }: AuditReport): string {
  const open = Object.entries(inFlight).flatMap(([state, count]) => (count === 0 ? [] : [`${count} ${state}`]))
  const flying = open.length === 0 ? 'nothing in flight' : `in flight: ${open.join(', ')}`
  const found = violations.length === 0 ? 'nothing is wrong' : `${violations.length} rows are wrong`
  return `${at.toISOString()}  ${placed} orders placed, ${cancelled} cancelled, ${flying}: ${found}`
}
