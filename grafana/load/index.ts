// The load and its users: who sends what, and what do they get? Positions are here, meanings in the other files.
import { dashboard, dashboardLink } from '../dashboard.ts'
import { durationTimeseries, failedTimeseries, statusTimeseries, unseenTimeseries } from './answers.ts'
import { leftOutTimeseries, sentTimeseries, usersTimeseries } from './arrivals.ts'
import { arrivalsStat, leftOutStat, slowStat, unseenStat } from './numbers.ts'

const question = 'Is the load what I think it is, and do its users see what the server says?'

const steps = `Was anybody left out? Then users are worse off than the numbers here say → is everything that is sent answered? → do users wait longer than api believes (solid lines above dashed ones)? Then they wait before it, where no trace begins. While a proof runs these users pause, and the workshop sends instead. Next: a ${dashboardLink('runtime', 'runtime')} that does not get round to them, the ${dashboardLink('service', 'service')} that is slow itself, or whether ${dashboardLink('pipeline', 'all telemetry arrives')}; back to the ${dashboardLink('checkout', 'checkouts')}.`

export const loadDashboard = () =>
  dashboard('load', question, steps)
    .withPanel(arrivalsStat().span(6).height(4))
    .withPanel(leftOutStat().span(6).height(4))
    .withPanel(slowStat().span(6).height(4))
    .withPanel(unseenStat().span(6).height(4))
    .withPanel(sentTimeseries().span(8).height(9))
    .withPanel(leftOutTimeseries().span(8).height(9))
    .withPanel(usersTimeseries().span(8).height(9))
    .withPanel(durationTimeseries().span(12).height(10))
    .withPanel(unseenTimeseries().span(12).height(10))
    .withPanel(statusTimeseries().span(12).height(9))
    .withPanel(failedTimeseries().span(12).height(9))
