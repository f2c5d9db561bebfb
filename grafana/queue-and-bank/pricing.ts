// Prices: what the wholesaler's ERP takes, who stands in a row for a price, and who asks again instead of waiting.
import { RequestsPerSecond, Short } from '@grafana/grafana-foundation-sdk/units'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { colours } from '../colours.ts'
import {
  dashed,
  linesLink,
  painted,
  paintedByName,
  secondsTimeseries,
  serviceLink,
  spansLink,
  timeseries,
} from '../panels.ts'
import { lines } from '../sources.ts'
import { bankRetries, erp, pricingRetries, questionsWaiting, retryLines, slowErpCalls, turnLines } from './queries.ts'

const errorType = underscored(attributes.errorType)
const asker = '{{service_name}} ({{http_request_method}})'

const linesOf = (query: string) => linesLink('Lines about it, in Explore', query)

export const erpTimeseries = () =>
  paintedByName(secondsTimeseries('ERP: how long its answers take, by who asks'))
    .description(
      "Calls to the wholesaler's ERP, p99 and (dashed) p50. Pricing posts a question for each quote of a business customer and gets the list of prices when it has none; inventory asks for deliveries. Usually some 20 to 50 ms. Next: slow questions with the link in the title, or the service that asks.",
    )
    .withTarget(lines('A', erp(0.99), `${asker}, p99`))
    .withTarget(lines('B', erp(0.5), `${asker}, p50`))
    // The same service asks for two things.
    .overrideByRegexp('/\\(GET\\)/', painted(colours.bad))
    .overrideByRegexp('/p50/', dashed)
    .links([spansLink('Slow questions to the ERP, in Explore', slowErpCalls)])
    .dataLinks([serviceLink('service_name')])

export const questionsTimeseries = () =>
  paintedByName(timeseries('Pricing: questions that wait for their turn'))
    .description(
      'The most questions to pricing that waited inside inventory at once, before pricing has heard of them. Usually 0: each is asked at once. If more wait, time passes that pricing cannot count. Next: the lines with the link in the title.',
    )
    .withTarget(lines('A', questionsWaiting, '{{service_instance_id}}'))
    .links([linesOf(turnLines)])
    .dataLinks([serviceLink('service_name')])
    .unit(Short)

export const retriesTimeseries = () =>
  timeseries('Asked again, by whom and why')
    .description(
      'Attempts each second that were given up and made once more. Each costs the time that it lasted and the pause after it, and adds load to whom is asked. The bank sometimes wants that (`bank_unavailable`); any other reason, or more than a few in a hundred calls, is an incident. Next: the lines with the link in the title.',
    )
    .withTarget(lines('A', bankRetries, `payment asks the bank: {{${errorType}}}`))
    .withTarget(lines('B', pricingRetries, `inventory asks pricing: {{${errorType}}}`))
    .overrideByRegexp('/_unavailable$/', painted(colours.usual))
    .overrideByRegexp('/_busy$/', painted(colours.bad))
    .overrideByRegexp('/_timeout$/', painted(colours.warning))
    .overrideByRegexp('/none$/', painted(colours.neutral))
    .links([linesOf(retryLines)])
    .unit(RequestsPerSecond)
