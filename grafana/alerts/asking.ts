// What happens between those who ask and those who answer: answers that come late, and questions that are put again.
import { Short } from '@grafana/grafana-foundation-sdk/units'
import { lateBankMs } from '../../services/kit/limits.ts'
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { dashboardLink } from '../dashboard.ts'
import type { Alert } from './alert.ts'

const errorType = underscored(attributes.errorType)
const increase = (metric: string, range: string) => `increase(${metric}[${range}])`
const retries = [metrics.bankRetries, metrics.pricingRetries].map(prometheusName)
const repeated = `sum by (service_name, ${errorType}) (${retries.map((metric) => increase(metric, '1m')).join(' or ')})`

const calls = `sum by (service_name) (${increase(`${prometheusName(metrics.httpClientDuration)}_count`, '1m')})`

/**
 * Calm, the bank wants to be asked again some 8 times a minute at twenty checkouts a second, at most 18. An incident of
 * repeated questions has 60 to 170, and gets to 30 after 11 to 30 s.
 */
const manyRetries = 30

/**
 * Both grow with the traffic, so it has to be many of the service's calls, too. Payment has two per checkout, 2400 a minute
 * at 20/s: calm 18 of them are 0.75 %, an incident's 60 are 2.5 %, and reach 1.25 % after 31 s, just as they reach 30; with
 * less traffic the number decides. Inventory's 170 are 4.5 % even if it asks three times per checkout. Export, Collector and
 * evaluation take up to 8 s more: it fires within 40 s.
 */
const largeShare = 0.0125

export const askedAgain: Alert = {
  name: 'AskedAgain',
  expr: `${repeated} > ${manyRetries} and ${repeated} / on (service_name) group_left () ${calls} > ${largeShare}`,
  forSeconds: 0,
  summary: `Within a minute {{ $labels.service_name }} gave up {{ $value | printf "%.0f" }} times and asked again ({{ $labels.${errorType} }}).`,
  severity: 'info',
  window: 'workshop',
  comparison: '>',
  threshold: manyRetries,
  value: {
    expr: `${repeated} or on() label_replace(vector(0), "service_name", "nobody", "", "")`,
    legend: `{{service_name}} {{${errorType}}}`,
    unit: Short,
    says: `how often within a minute a service asked somebody again, by its reason (more than ${largeShare * 100} % of its calls have to be such as well)`,
  },
  dashboard: 'queue-and-bank',
  runbook: {
    name: 'AskedAgain',
    means:
      'A service did not get the answer it wanted, waited, and asked again, far more often than usual. Customers mostly get what they came for, later: they have waited for all attempts and for the pauses between them.',
    isItReal:
      'The bank wants a few to be asked again every minute; that is the baseline below. Hardly anything fails and every single call may look quick: the time is in their number and between them.',
    lookFirst: [
      `${dashboardLink('queue-and-bank')}: who asks whom again, and with which reason? \`_busy\` and \`_unavailable\` were said by the other side, \`_timeout\` by the one who asks.`,
      'Open a slow checkout: several calls to the same neighbour, one after the other. How long did each take, how did it end, and what happened between them?',
      `Does the one who is asked get more requests than there are checkouts? ${dashboardLink('service')}`,
    ],
    ends: 'The reason for asking again goes away, on the side of the one who asks or of the one who is asked. Fewer attempts turn late answers into failures; more attempts add load where there is too much already.',
  },
}

/** Calm there is none: an answer takes 40 ms, and late is more than `lateBankMs`. Incidents have 36 to 54 a minute at 20/s. */
const manyLate = 10
const lateAnswers = prometheusName(metrics.bankLateAnswers)
// `or`: the counter exists only once an answer was late.
const late = (range: string) => `(sum(${increase(lateAnswers, range)}) or vector(0))`

// The short window and `for` leave out what is over within five seconds, as for the checkouts' budget.
export const bankAnswersLate: Alert = {
  name: 'BankAnswersLate',
  expr: `${late('1m')} > ${manyLate} and ${late('15s')} > 0`,
  forSeconds: 20,
  summary: `Within a minute {{ $value | printf "%.0f" }} answers of the bank came after more than ${lateBankMs} ms.`,
  severity: 'info',
  window: 'workshop',
  comparison: '>',
  threshold: manyLate,
  value: {
    expr: late('1m'),
    legend: 'late answers',
    unit: Short,
    says: `how many answers of the bank within a minute came after more than ${lateBankMs} ms, one at least within the last 15 s`,
  },
  dashboard: 'queue-and-bank',
  runbook: {
    name: 'BankAnswersLate',
    means: `Payment waited for answers of the bank longer than ${lateBankMs} ms, again and again. It says who was waited for, and not that the bank is slow: an answer can also be late because of the way it takes, or because the bank itself has to wait for somebody.`,
    isItReal:
      'Usually there are none. Look how many these are of all: if a few in a hundred are late and the median is as ever, it concerns a kind of payment, a connection or an instance, not the bank as a whole.',
    lookFirst: [
      `${dashboardLink('queue-and-bank')}: what the bank says it took itself against what was lost on the way; then by issuer. By instance of payment: ${dashboardLink('service', 'Service', { service: 'payment' })}.`,
      `What do late ones have in common? Compare slow and quick checkouts from ${dashboardLink('checkout')}: who bought, with which card, over which connection.`,
      `Does payment itself have time to read the answers? ${dashboardLink('runtime')}`,
    ],
    ends: 'Mostly somebody else has to mend it, or agree to something else: call them, with the numbers of both sides and an example. Until then it helps to ask less, to ask somebody else, or to let customers go before the answer is there. More of our own instances do not help.',
  },
}
