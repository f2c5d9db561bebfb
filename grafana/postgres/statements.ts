// What is run and what is logged: how long statements take, the slow ones, and the lines about who blocks whom.
import { toldAfterMs } from '../../services/kit/limits.ts'
import { logs, namesBeside, paintedByName, secondsTimeseries, serviceLink } from '../panels.ts'
import { lines } from '../sources.ts'
import { slowStatements, statementQuantile, waits } from './queries.ts'

export const statementTimeseries = () =>
  paintedByName(secondsTimeseries('How long statements take, p99 by service and kind'))
    .description(
      '99 % of statements are quicker, as the service measures them; waiting for a lock is part of it, waiting for a connection is not. Usually a few milliseconds; `COMMIT` waits for the disk. Colours are services; point at a line for its kind. One that rises alone is slow itself or waits for a lock; if all rise, the database is busy. Next: read the slow ones to the right.',
    )
    .withTarget(lines('A', statementQuantile, '{{service_name}} {{db_operation_name}}'))
    .dataLinks([serviceLink('service_name')])
    .legend(namesBeside())

export const slowStatementLogs = () =>
  logs('Slow statements', slowStatements).description(
    `Every statement that took longer than ${toldAfterMs} ms, newest first: whose it was, how long it took, and its text. Empty is good news. The time may be work or waiting: the lines at the bottom tell. Next: open a line and press "Open this line's trace".`,
  )

export const waitLogs = () =>
  logs('Who waits for whom', waits).description(
    'Lines about sessions that wait for a lock, newest first. Those that say "blocked by session" name who is at the head of the queue. Empty is good news. Next: open such a line; one button opens the checkout that waits, "Open the trace it waits for" the one that blocks it. Which part of that trace lasts so long?',
  )
