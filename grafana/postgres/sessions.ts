// What sessions do, over time: wait for each other, work, or keep a transaction open.
import { Short } from '@grafana/grafana-foundation-sdk/units'
import { attributes, serviceNames } from '../../services/kit/telemetry/names.ts'
import { underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { colours } from '../colours.ts'
import { dashed, leadingTo, painted, paintedByName, serviceLink, timeseries } from '../panels.ts'
import { lines } from '../sources.ts'
import { sessionsByState, waitingByRole, workByEvent } from './queries.ts'

const [state, event, eventType] = [attributes.sessionState, attributes.waitEvent, attributes.waitEventType].map(
  underscored,
)

const toService = () => serviceLink('postgresql_user')
/** Roles that are no service's, such as the auditor's, have no page. */
const ofNoService = `/^(?!(${serviceNames.join('|')}):)/`

export const waitingTimeseries = () =>
  paintedByName(timeseries('Waiting for another session, by service and lock'))
    .description(
      'How many sessions of each service are held up by another session, and at which lock. Usually none. `transactionid`: for a row that somebody changed and has not committed; `tuple`: behind others who want the same row. Next: the lines at the bottom name the blocking session and open its trace.',
    )
    .withTarget(lines('A', waitingByRole, `{{postgresql_user}}: {{${eventType}}} {{${event}}}`))
    .overrideByRegexp('/tuple/', dashed)
    .dataLinks([toService()])
    .overrideByRegexp(ofNoService, leadingTo())
    .unit(Short)

export const workTimeseries = () =>
  timeseries('Sessions at work, by what they wait for')
    .description(
      'Sessions that run a statement. `computing` waits for nothing, `IO` for the disk (a commit does), `LWLock` for other writers for a moment, `Lock` for another transaction. A few of the first three are usual. Only these mean a busy database. Next: if `Lock` leads, look to the left; if another does, look for a slow statement.',
    )
    .withTarget(lines('A', workByEvent, `{{${eventType}}}`))
    .overrideByName('none', [{ id: 'displayName', value: 'computing' }, ...painted(colours.usual)])
    .overrideByName('IO', painted(colours.good))
    .overrideByName('LWLock', painted(colours.warning))
    .overrideByName('Lock', painted(colours.bad))
    .overrideByName('Client', painted(colours.neutral))
    .unit(Short)

export const stateTimeseries = () =>
  paintedByName(timeseries('Sessions by service and state'))
    .description(
      'What the sessions of each service do that are not just idle: `active` (dashed) runs a statement; `idle in transaction` has begun something and waits for its service. One or two of each are usual. Many idle in a transaction: the service does something else meanwhile and keeps its locks. Next: open that service.',
    )
    .withTarget(lines('A', sessionsByState, `{{postgresql_user}}: {{${state}}}`))
    .overrideByRegexp('/: active/', dashed)
    .dataLinks([toService()])
    .overrideByRegexp(ofNoService, leadingTo())
    .unit(Short)
