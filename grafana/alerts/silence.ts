// Who is not heard of any more: a service, or the Collector and with it everybody.
import { Short } from '@grafana/grafana-foundation-sdk/units'
import { metrics, serviceNames } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector } from '../../services/kit/telemetry/prometheus-names.ts'
import { dashboardLink } from '../dashboard.ts'
import { prometheusMetrics } from '../foreign-metrics.ts'
import type { Alert } from './alert.ts'

const beat = prometheusName(metrics.eventLoopUtilization)
// `or`: a service of which nothing is heard has no series that could be counted.
const heard = [
  `count by (service_name) (${beat}${selector({ 'service.name': `=~${serviceNames.join('|')}` })})`,
  ...serviceNames.map((name) => `label_replace(vector(0), "service_name", "${name}", "", "")`),
].join(' or ')

// Prometheus takes a series for gone after 15 s. A minute on top, because at the first start the database is made before
// the services begin.
export const serviceSilent: Alert = {
  name: 'ServiceSilent',
  expr: `(${heard}) < 1`,
  forSeconds: 60,
  summary: 'Nothing is heard of {{ $labels.service_name }}: it is down, or its telemetry is.',
  severity: 'page',
  window: 'workshop',
  comparison: '<',
  threshold: 1,
  value: {
    expr: heard,
    legend: '{{service_name}}',
    unit: Short,
    says: 'how many instances of each service are heard of',
  },
  dashboard: 'service',
  serviceLabel: 'service_name',
  runbook: {
    name: 'ServiceSilent',
    means:
      'No instance of a service has sent a metric for more than a minute. A service that is gone has no slow requests and no errors of its own: on every other picture it looks well.',
    isItReal:
      'If several are silent at once it is more likely the Collector or Prometheus than the services. If only one is, and checkouts are placed as ever, the service is well and its telemetry is not.',
    lookFirst: [
      'Ask the service itself: `docker compose ps`, and the last lines of its log.',
      `Do those who call it get errors? ${dashboardLink('service')}, ${dashboardLink('checkout')}`,
      `Is telemetry of others arriving, and is any of it refused? ${dashboardLink('pipeline')}`,
    ],
    ends: 'The service starts again; it takes up unfinished orders by itself. If it dies again at once, its last lines before that say why.',
  },
}

// A Collector that is gone takes all three pillars with it.
const up = `${prometheusMetrics.up}${selector({ job: 'collector' })}`
export const collectorDown: Alert = {
  name: 'CollectorDown',
  expr: `${up} == 0`,
  forSeconds: 15,
  summary: 'The Collector does not answer: nothing new arrives in any backend.',
  severity: 'page',
  window: 'workshop',
  comparison: '<',
  threshold: 1,
  value: { expr: up, legend: '{{job}}', unit: Short, says: 'whether the Collector answers Prometheus: 1 if it does' },
  dashboard: 'pipeline',
  runbook: {
    name: 'CollectorDown',
    means:
      'Prometheus has asked the Collector for its own metrics and got no answer, three times in a row. All telemetry goes through it: what you see on the other pages is from before. The shop itself goes on selling.',
    isItReal: `Is the newest point on ${dashboardLink('checkout')} old, too? If new ones arrive there, the Collector works and only its own port does not.`,
    lookFirst: [
      'Is its container there: `docker compose ps collector`? Was it killed for using too much memory, or did it refuse its configuration? Its log says which.',
      `How full was it before? ${dashboardLink('pipeline')}`,
    ],
    ends: 'It starts again and delivers what it had on disk. What the services wanted to send meanwhile they tried again for some seconds and then dropped: the gap stays.',
  },
}
