// The bank: how long it takes itself and on the way, for whom, and what comes of it.
import { RequestsPerSecond } from '@grafana/grafana-foundation-sdk/units'
import { issuers } from '../../services/kit/seed.ts'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { colours, whoIsWho } from '../colours.ts'
import { dashboardUrl } from '../dashboard.ts'
import { dashed, linesLink, link, painted, paintedByName, secondsTimeseries, spansLink, timeseries } from '../panels.ts'
import { lines } from '../sources.ts'
import {
  authorisationsByOutcome,
  bankByIssuer,
  bankByPart,
  lateByIssuer,
  lateLines,
  sessionLines,
  sessionWaitsByInstance,
  slowBankCalls,
  unnamed,
} from './queries.ts'

const [part, issuer, outcome] = [attributes.bankPart, attributes.issuer, attributes.outcome].map(underscored)

const slowCalls = () => spansLink('Slow calls to the bank, in Explore', slowBankCalls)
const linesOf = (query: string) => linesLink('Lines about it, in Explore', query)

export const partsTimeseries = () =>
  secondsTimeseries('Bank: its own time, and the way')
    .description(
      'Calls to the bank, split as the bank itself says: `own` is what it needed, `way` what its answer spent on its way there and back. Usually some 40 ms and next to nothing; below 25 ms a line is a guess. A slow way is no slow bank. Next: slow calls with the link in the title, and what they have in common.',
    )
    .withTarget(lines('A', bankByPart(0.5), `p50, {{${part}}}`))
    .withTarget(lines('B', bankByPart(0.99), `p99, {{${part}}}`))
    .overrideByRegexp('/own/', painted(colours.good))
    .overrideByRegexp('/way/', painted(colours.warning))
    .overrideByRegexp('/p50/', dashed)
    .links([slowCalls()])

/** Issuers have no colours anywhere else; those of services are free here. */
const byIssuer = <P extends ReturnType<typeof timeseries>>(panel: P): P => {
  const palette = Object.values(whoIsWho)
  for (const [index, { name }] of issuers.entries())
    panel.overrideByName(name, painted(palette[index % palette.length] ?? colours.neutral))
  panel.overrideByName(unnamed, painted(colours.neutral))
  return panel
}

export const issuerTimeseries = () =>
  byIssuer(secondsTimeseries('Bank: its own time by card issuer, p99'))
    .description(
      'What the bank itself needed for 99 % of authorisations, by who issued the card. They are usually close together. One that leaves the others: it is neither the shop nor the bank as a whole, but what happens behind that issuer. All together: it is the bank. Next: slow calls with the link in the title.',
    )
    .withTarget(lines('A', bankByIssuer, `{{${issuer}}}`))
    .links([slowCalls()])

export const lateTimeseries = () =>
  byIssuer(timeseries('Bank: late answers by card issuer'))
    .description(
      `Answers of the bank that came later than it ever takes, each second. Usually 0. A single issuer: it is an issue of that issuer; all alike, and those with \`${unnamed}\` (captures, which nobody waits for), are an issue of the bank or the way. Next: the lines with the link in the title say how much was the bank's own time.`,
    )
    .withTarget(lines('A', lateByIssuer, `{{${issuer}}}`))
    .links([linesOf(lateLines)])
    .unit(RequestsPerSecond)

export const sessionTimeseries = () =>
  paintedByName(timeseries('Bank: waits for a session, by instance'))
    .description(
      'Calls each second that were not made at once, but waited for a session of the bank first. Usually 0. Ask whether all instances of payment wait, or some. Next: the lines with the link in the title, then the instances side by side.',
    )
    .withTarget(lines('A', sessionWaitsByInstance, '{{service_instance_id}}'))
    .links([linesOf(sessionLines)])
    .dataLinks([link('Instances side by side', dashboardUrl('service', { service: 'payment' }))])
    .unit(RequestsPerSecond)

export const authorisationsTimeseries = () =>
  timeseries('Bank: what became of authorisations')
    .description(
      'Authorisations each second by what became of them: `authorised`, and a moment later `captured`; some are `declined`, which is business as usual; `voided` were given back because the rest of the checkout failed. If `captured` falls behind `authorised`, work is left for later. Next: the queue, in the last row.',
    )
    .withTarget(lines('A', authorisationsByOutcome, `{{${outcome}}}`))
    .overrideByName('authorised', painted(colours.good))
    .overrideByName('captured', painted(colours.usual))
    .overrideByName('declined', painted(colours.warning))
    .overrideByName('voided', painted(colours.bad))
    .unit(RequestsPerSecond)
