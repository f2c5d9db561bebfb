// The lessons as data: what is asked, who comes when, what is armed meanwhile and what must hold. Played by k6 and by Node.
import { attributes } from '../services/kit/telemetry/names.ts'
import { baseline, type Profile, type Stage } from './profiles.ts'

/** A stretch that is summed up on its own, in seconds since the first arrival. What lies between two parts settles, and counts nowhere. */
export type Part = { name: string; fromSeconds: number; toSeconds: number }

/** The objective has to hold among these checkouts; all of them where nothing is named. */
export type Limit = {
  part?: string
  cohort?: { key: string; value: string }
  /** Once it is broken there is nothing more to learn: the run ends. */
  ends?: true
}

export type Lesson = {
  /** Also the name of its file, and of nothing in telemetry. */
  id: string
  title: string
  question: string
  profile: Profile
  parts: readonly Part[]
  /** What somebody ships, and takes back. Through the workshop, which is told to bring no load of its own. */
  incident?: { scenario: string; fromSeconds: number; toSeconds: number }
  /** Before the profile: users who come again as soon as they are answered. Their part is `closed`. */
  closed?: { users: number; seconds: number }
  /** A run that breaks one of them, or leaves an arrival out, exits with 99, as k6 does. */
  limits: readonly Limit[]
}

export const closedPart = 'closed'

/** The part in which an arrival of the profile falls, if in any. */
export const partAt = ({ parts }: Pick<Lesson, 'parts'>, atMs: number): string | undefined =>
  parts.find(({ fromSeconds, toSeconds }) => atMs >= fromSeconds * 1000 && atMs < toSeconds * 1000)?.name

const checkouts = (ratePerSecond: number, durationSeconds: number): Profile => ({
  ...baseline,
  name: 'checkouts',
  ratePerSecond,
  durationSeconds,
})

const changing = (ratePerSecond: number, stages: readonly Stage[]): Profile => ({
  ...checkouts(
    ratePerSecond,
    stages.reduce((sum, { seconds }) => sum + seconds, 0),
  ),
  stages,
})

const part = (name: string, fromSeconds: number, toSeconds: number): Part => ({ name, fromSeconds, toSeconds })

/** Each step 15 % above the one before: the knee is found to that. */
const kneeSteps = { from: 15, factor: 1.15, count: 16, seconds: 12 }
const kneeRates = Array.from({ length: kneeSteps.count }, (_, i) => Math.round(kneeSteps.from * kneeSteps.factor ** i))

const smoke: Lesson = {
  id: '01-smoke',
  title: 'Smoke',
  question: 'Does buying work at all?',
  profile: checkouts(1, 10),
  parts: [],
  limits: [{}],
}

const steady: Lesson = {
  id: '02-steady',
  title: 'Steady',
  question: 'What does an ordinary minute look like?',
  profile: checkouts(20, 60),
  parts: [],
  limits: [{}],
}

const ramp: Lesson = {
  id: '03-ramp',
  title: 'Ramp',
  question: 'Does it get slower gradually, when ever more come?',
  // Up to what the other lessons play at, and below the knee of two cores with all containers on them: beyond it is lesson 05.
  profile: changing(5, [{ toPerSecond: 20, seconds: 60 }]),
  parts: [part('first half', 0, 30), part('second half', 30, 60)],
  limits: [{}],
}

const spike: Lesson = {
  id: '04-spike',
  title: 'Spike',
  question: 'How long does a burst of five seconds hurt?',
  profile: changing(10, [
    { toPerSecond: 10, seconds: 20 },
    { toPerSecond: 40, seconds: 0 },
    { toPerSecond: 40, seconds: 5 },
    { toPerSecond: 10, seconds: 0 },
    { toPerSecond: 10, seconds: 35 },
  ]),
  parts: [part('before', 0, 20), part('burst', 20, 25), part('after', 30, 60)],
  limits: [{ part: 'before' }, { part: 'after' }],
}

const knee: Lesson = {
  id: '05-knee',
  title: 'Find the knee',
  question: 'Up to which rate does this machine keep the objective?',
  profile: changing(
    kneeSteps.from,
    kneeRates.flatMap((toPerSecond) => [
      { toPerSecond, seconds: 0 },
      { toPerSecond, seconds: kneeSteps.seconds },
    ]),
  ),
  parts: kneeRates.map((rate, i) => part(`${rate}/s`, i * kneeSteps.seconds, (i + 1) * kneeSteps.seconds)),
  limits: kneeRates.map((rate) => ({ part: `${rate}/s`, ends: true })),
}

const soak: Lesson = {
  id: '06-soak',
  title: 'Soak',
  question: 'Is the twentieth minute like the first?',
  // Half the knee of two cores with all containers on them.
  profile: checkouts(12, 1200),
  parts: [part('first minutes', 60, 300), part('last minutes', 960, 1200)],
  limits: [{}],
}

const closedAndOpen: Lesson = {
  id: '07-closed-and-open',
  title: 'Closed against open',
  question: 'Why do two users who click as fast as they can see nothing of what twenty a second see?',
  profile: checkouts(20, 60),
  parts: [part('open', 0, 60)],
  incident: { scenario: 'sawtooth', fromSeconds: 0, toSeconds: 60 },
  closed: { users: 2, seconds: 60 },
  limits: [],
}

const cohorts: Lesson = {
  id: '08-cohorts',
  title: 'Cohorts',
  question: 'All is well for 97 in 100. Who are the others?',
  profile: checkouts(20, 60),
  parts: [],
  incident: { scenario: 'long-carts', fromSeconds: 0, toSeconds: 60 },
  limits: [
    { cohort: { key: attributes.cartSize, value: 'small' } },
    { cohort: { key: attributes.cartSize, value: 'bulk' } },
  ],
}

const toTheTrace: Lesson = {
  id: '09-to-the-trace',
  title: 'From one slow request to its trace',
  question: 'Which checkout was the slowest, and where did its time go?',
  profile: checkouts(20, 40),
  parts: [],
  incident: { scenario: 'one-issuer', fromSeconds: 0, toSeconds: 40 },
  limits: [],
}

const underAScenario: Lesson = {
  id: '10-under-a-scenario',
  title: 'Under a scenario',
  question: 'What changes when something is shipped, and does it go away when it is taken back?',
  profile: checkouts(20, 120),
  parts: [part('before', 0, 30), part('during', 35, 80), part('after', 90, 120)],
  incident: { scenario: 'hot-product', fromSeconds: 30, toSeconds: 80 },
  limits: [{ part: 'before' }, { part: 'after' }],
}

export const lessons: readonly Lesson[] = [
  smoke,
  steady,
  ramp,
  spike,
  knee,
  soak,
  closedAndOpen,
  cohorts,
  toTheTrace,
  underAScenario,
]
