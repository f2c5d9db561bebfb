// Everything that is not the shop's own answer: what is done later, and who is asked outside. Positions are here, meanings in
// the other files.
import { dashboard, dashboardLink } from '../dashboard.ts'
import {
  authorisationsTimeseries,
  issuerTimeseries,
  lateTimeseries,
  partsTimeseries,
  sessionTimeseries,
} from './bank.ts'
import { bankStat, erpStat, oldestStat, sweptStat } from './numbers.ts'
import { erpTimeseries, questionsTimeseries, retriesTimeseries } from './pricing.ts'
import { ageTimeseries, jobsTimeseries, processingTimeseries } from './queue.ts'

const question = 'Is somebody outside slow: the bank, the wholesaler, or the work that is done later?'

const steps = `See which of the four numbers is not as usual → in its row, ask whom it concerns: an issuer, an instance, a reason? → open slow calls with the link in a panel's title, and see in the trace who waited for whom. A quick call made three times costs as much as a slow one; what is done later slows down nobody. Next: the ${dashboardLink('service', 'service')} that asks, the ${dashboardLink('postgres', 'database')} in which the queue is kept, or the ${dashboardLink('service-map', 'map')}; back to the ${dashboardLink('checkout', 'checkouts')}.`

export const queueAndBankDashboard = () =>
  dashboard('queue-and-bank', question, steps)
    .withPanel(bankStat().span(6).height(4))
    .withPanel(erpStat().span(6).height(4))
    .withPanel(oldestStat().span(6).height(4))
    .withPanel(sweptStat().span(6).height(4))
    .withPanel(partsTimeseries().span(8).height(9))
    .withPanel(issuerTimeseries().span(8).height(9))
    .withPanel(lateTimeseries().span(8).height(9))
    .withPanel(retriesTimeseries().span(8).height(9))
    .withPanel(sessionTimeseries().span(8).height(9))
    .withPanel(authorisationsTimeseries().span(8).height(9))
    .withPanel(erpTimeseries().span(12).height(9))
    .withPanel(questionsTimeseries().span(12).height(9))
    .withPanel(ageTimeseries().span(8).height(9))
    .withPanel(jobsTimeseries().span(8).height(9))
    .withPanel(processingTimeseries().span(8).height(9))
