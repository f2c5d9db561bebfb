// Four numbers for four illnesses: waiting for each other, working, keeping transactions open, lacking connections.
import { Short } from '@grafana/grafana-foundation-sdk/units'
import { sessionsInLine, waitingRequests } from '../alerts/database.ts'
import { colours } from '../colours.ts'
import { stat, thresholds } from '../panels.ts'
import { number } from '../sources.ts'
import { mostOpen, mostRequestsWaiting, mostSessionsWaiting, mostWorking } from './queries.ts'

/** Between two statements every transaction is idle for an instant, but hardly ever that many in the same one. */
const manyOpen = 5

export const waitingStat = () =>
  stat('Most sessions waiting for another')
    .description(
      'The most sessions that were held up by a lock of another session at one moment of the time range. Usually one at most. More means that somebody keeps a row too long, which costs no CPU at all. Next: see when, below, and read at the bottom who it was.',
    )
    .withTarget(number(mostSessionsWaiting))
    .unit(Short)
    .decimals(1)
    .thresholds(thresholds([null, colours.good], [sessionsInLine, colours.warning]))

export const workingStat = () =>
  stat('Most sessions at work')
    .description(
      'The most sessions that ran a statement at one moment of the time range, those that waited for a lock not counted. A few are usual. If this grows with the latency, it is the database that works. Next: look for the statement that takes long.',
    )
    .withTarget(number(mostWorking))
    .unit(Short)
    .decimals(1)
    .thresholds(thresholds([null, colours.usual]))

export const openStat = () =>
  stat('Most idle transactions')
    .description(
      'The most sessions that were inside a transaction and ran no statement, at one moment of the time range. One to three are usual. Many at once keep their connections and locks while something else goes on. Next: the state of sessions below says whose they are.',
    )
    .withTarget(number(mostOpen))
    .unit(Short)
    .decimals(1)
    .thresholds(thresholds([null, colours.good], [manyOpen, colours.warning]))

export const requestsStat = () =>
  stat('Most requests without a connection')
    .description(
      'The most requests of one instance that waited at once until a connection of its pool was free. Usually 0. Then they wait before the database has heard of them: its own numbers look well. Next: see below whose pool it is.',
    )
    .withTarget(number(mostRequestsWaiting))
    .unit(Short)
    .decimals(0)
    .thresholds(thresholds([null, colours.good], [waitingRequests + 1, colours.warning]))
