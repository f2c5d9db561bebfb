// What is asked about everything that is not the shop's own answer: work done later, the bank, the ERP, and being asked again.
import { ports } from '../../services/kit/ports.ts'
import { attributes, lineTexts, metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { type Labels, largest, maxBy, overall, quantile, rate, risen, sumBy } from '../vectors.ts'

const increase = (series: string, labels: Labels = {}) => `sum(increase(${series}${selector(labels)}[${overall}]))`

// --- work done later -------------------------------------------------------------------------------------------------

const age = prometheusName(metrics.queueAge)
const queue = 'messaging.destination.name'
const jobState = 'pgboss.job.state'

export const oldestJob = `max(${largest(age, {}, overall)})`
export const ageByConsumer = maxBy([attributes.consumer], largest(age))
/** Every process reports the jobs of all queues: these are not to be added up. */
export const jobsByState = sumBy([jobState], maxBy([queue, jobState], largest(prometheusName(metrics.queueJobs))))
export const processing = (q: number): string => quantile(q, [queue], prometheusName(metrics.messageProcessing))
export const swept = risen(prometheusName(metrics.ordersSwept), overall)

// --- the bank --------------------------------------------------------------------------------------------------------

const bank = prometheusName(metrics.bankDuration)
const { bankPart, issuer, instance, outcome, errorType } = attributes
const own: Labels = { [bankPart]: 'own' }
const named: Labels = { [issuer]: '!=' }

/** A limit of the histogram far above what the bank usually takes. */
export const slowBankSeconds = 0.3
const withinBank = { le: String(slowBankSeconds) }
/** Each call is counted twice, once for each part: one of the two is slow, or none. */
export const slowBankShare = `(${increase(`${bank}_count`)} - ${increase(`${bank}_bucket`, withinBank)}) / ${increase(`${bank}_count`, own)}`

export const bankByPart = (q: number): string => quantile(q, [bankPart], bank)
export const bankByIssuer = quantile(0.99, [issuer], bank, { ...own, ...named })

const authorisations = prometheusName(metrics.authorisations)
export const authorisationsByOutcome = sumBy([outcome], rate(authorisations))
/** Zero for whoever is there and has none: a series begins only with its first event. */
const orZero = (events: string, by: string, labels: Labels = {}) =>
  `${events} or 0 * ${sumBy([by], rate(authorisations, labels))}`

const late = sumBy([issuer], rate(prometheusName(metrics.bankLateAnswers)))
/** Captures and voids name no issuer. */
export const unnamed = 'none named'
const lateNamed = `label_replace(${late}, "${underscored(issuer)}", "${unnamed}", "${underscored(issuer)}", "")`
export const lateByIssuer = orZero(lateNamed, issuer, named)
export const sessionWaitsByInstance = orZero(
  sumBy([instance], rate(prometheusName(metrics.bankSessionWaits))),
  instance,
)

/** Without any, one line at zero whose reason is `none`. */
const byReason = (counter: string) =>
  `${sumBy([errorType], rate(counter))} or on() label_replace(vector(0), "${underscored(errorType)}", "none", "", "")`
export const bankRetries = byReason(prometheusName(metrics.bankRetries))
export const pricingRetries = byReason(prometheusName(metrics.pricingRetries))

// --- the ERP, and pricing which asks it ------------------------------------------------------------------------------

const calls = prometheusName(metrics.httpClientDuration)
const toErp: Labels = { 'server.port': String(ports.erp) }

/** A limit of the histogram far above what the ERP usually takes. */
export const slowErpSeconds = 0.25
export const slowErpShare = `1 - ${increase(`${calls}_bucket`, { ...toErp, le: String(slowErpSeconds) })} / ${increase(`${calls}_count`, toErp)}`
export const erp = (q: number): string => quantile(q, ['service.name', 'http.request.method'], calls, toErp)

export const questionsWaiting = maxBy(['service.name', instance], largest(prometheusName(metrics.priceRow)))

// --- one by one ------------------------------------------------------------------------------------------------------

const slowCalls = (peer: string, seconds: number) =>
  `{ kind = client && span.${attributes.peerService} = "${peer}" && duration > ${seconds * 1000}ms } with (most_recent=true)`
export const slowBankCalls = slowCalls('bank', slowBankSeconds)
export const slowErpCalls = slowCalls('erp', slowErpSeconds)

const waited = underscored(attributes.bankWaitedMs)
const said = underscored(attributes.bankOwnMs)
export const lateLines = `{service_name="payment"} | ${said}!=""`
export const sessionLines = `{service_name="payment"} | ${waited}!="" | ${said}=""`
export const retryLines = `{service_name=~"payment|inventory"} | ${underscored(attributes.resendCount)}!=""`
export const turnLines = `{service_name="inventory"} |= "${lineTexts.waitedForTurn}"`
export const sweptLines = `{service_name="api"} |= "${lineTexts.leftUnfinished}"`
