// The map itself. Grafana draws it of the same metrics that the tables below are made of.
import { PanelBuilder as NodeGraphPanel } from '@grafana/grafana-foundation-sdk/nodegraph'
import { TempoQueryBuilder } from '@grafana/grafana-foundation-sdk/tempo'
import { sources } from '../sources.ts'

export const serviceGraph = () =>
  new NodeGraphPanel()
    .title('Who calls whom')
    .description(
      'An arrow for everybody who calls somebody, over the time range above, with the calls a second and how long one takes on average. The ring around a circle says how many of its calls fail. An arrow that is new, or one that is missing, is news; a slow arrow makes everybody slow who stands before it. Some versions of Grafana show too few calls a second here, and an average hides the rare slow one: the tables below have the exact numbers, and p99. Next: click a circle or an arrow.',
    )
    .datasource(sources.traces)
    .withTarget(
      new TempoQueryBuilder().refId('A').datasource(sources.traces).queryType('serviceMap').query('').filters([]),
    )
