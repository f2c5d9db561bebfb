// What the workshop's HTTP API takes and gives; the CLI and the console speak it.
import { z } from 'zod'

/** What zod says of a value that is none of what was expected. */
export const sentence = (expected: string) => ({ error: `expected ${expected}` })

export const FlagPath = z.object({ name: z.string() })
export const ScenarioPath = z.object({ id: z.string() })

export const SetFlag = z.strictObject({
  variant: z.string(sentence('the name of a variant')),
  share: z.number(sentence('a number from 0 to 1')).optional(),
  where: z.record(z.string(), z.string(sentence('a text'))).optional(),
  for: z.string(sentence('a duration such as 5m')).optional(),
  until: z.string(sentence('an ISO time')).optional(),
})
export type SetFlag = z.output<typeof SetFlag>

/** Nobody may silence the baseline for longer without saying so again. */
export const longestPauseSeconds = 600
export const SetTraffic = z.strictObject({
  paused: z.boolean(sentence('true or false')),
  reason: z.string().max(200).optional(),
  forSeconds: z.number().positive().max(longestPauseSeconds, `expected at most ${longestPauseSeconds}`).default(120),
})
export type SetTraffic = z.output<typeof SetTraffic>

export const isoTime = z.iso.datetime({ offset: true, error: 'expected a time such as 2026-11-28T14:02:00Z' })
const moment = isoTime.transform((text) => Date.parse(text))
export const traceIdText = z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 hexadecimal digits')

/** A report is of at most so many minutes. */
export const longestReportMinutes = 60

/** Which stretch of time a report is of; as `Asked` in look.ts. */
export const AskedWhy = z
  .strictObject({
    last: z.coerce
      .number(sentence('a number of minutes'))
      .positive()
      .max(longestReportMinutes, `expected at most ${longestReportMinutes} minutes`)
      .optional(),
    from: moment.optional(),
    to: moment.optional(),
    trace: traceIdText.optional(),
  })
  .transform(({ last, from, to, trace }) => ({ lastMinutes: last, fromMs: from, toMs: to, traceId: trace }))

/** What somebody buys in the storefront; the shop says what is wrong with it. */
export const Purchase = z.strictObject({
  customer: z.string(sentence('a customer, such as u001')),
  lines: z
    .array(
      z.strictObject({
        sku: z.string(sentence('a product')).min(1, 'expected a product').max(80),
        quantity: z.number(sentence('a number of pieces')).int().min(1, 'expected at least 1').max(1_000),
      }),
    )
    .min(1, 'expected at least one line')
    .max(60, 'expected at most 60 lines'),
  coupon: z.string(sentence('a text')).max(100).exactOptional(),
})

/** `hidden` keeps to itself which scenario it is. */
export const StartScenario = z.strictObject({
  seed: z.number().int().min(0).default(1),
  hidden: z.boolean(sentence('true or false')).default(false),
})

/** How hard it is to be, who plays, and the seed that says which one is drawn: the same one for everybody who is given it. */
export const StartDrill = z.strictObject({
  level: z.number(sentence('a level from 0 to 3')).int().min(0).max(3).default(1),
  seed: z
    .number(sentence('a whole number from 0'))
    .int()
    .min(0)
    .default(() => Date.now() % 1_000_000),
  player: z.string().min(1).max(40, 'expected at most 40 characters').default('somebody'),
})

export const LoadPath = z.object({ run: z.string() })

/** `rate` is a factor and `minutes` a length; both keep the lesson's proportions. */
export const StartLoad = z.strictObject({
  lesson: z.string(sentence('the id of a lesson')),
  player: z.enum(['k6', 'node'], sentence('k6 or node')),
  seed: z.number(sentence('a whole number from 0')).int().min(0).default(1),
  rate: z.number(sentence('a factor such as 0.5')).positive().max(50).default(1),
  minutes: z
    .number(sentence('a number of minutes'))
    .positive()
    .max(24 * 60)
    .optional(),
  planHash: z.string(sentence('14 hexadecimal digits')).regex(/^[0-9a-f]{14}$/, 'expected 14 hexadecimal digits'),
})
export type StartLoad = z.output<typeof StartLoad>

const milliseconds = z.number(sentence('a number of milliseconds'))
const shortText = z.string(sentence('a text')).max(100)

/** What became of an arrival, which is known by its iteration; see Outcome in loadtest/outcome.ts. */
export const LoadOutcome = z.strictObject({
  iteration: z.number(sentence('a whole number from 0')).int().min(0),
  part: shortText.exactOptional(),
  dueEpochMs: milliseconds.min(0),
  latencyMs: milliseconds,
  startLagMs: milliseconds,
  isUnprepared: z.literal(true).exactOptional(),
  requestMs: milliseconds.exactOptional(),
  status: z.number(sentence('an HTTP status, or 0')).int().min(0).max(599),
  traceId: traceIdText.exactOptional(),
  isUntraced: z.literal(true).exactOptional(),
  code: shortText.exactOptional(),
  failedStep: shortText.exactOptional(),
  orderId: shortText.exactOptional(),
})

/** More would not fit into a request. */
export const mostOutcomesAtOnce = 200
export const LoadOutcomes = z
  .array(LoadOutcome, sentence('a list of outcomes'))
  .min(1, 'expected at least one outcome')
  .max(mostOutcomesAtOnce, `expected at most ${mostOutcomesAtOnce} outcomes at once`)
export type LoadOutcomes = z.output<typeof LoadOutcomes>

/** `dropped` are arrivals that were never sent and for which no outcome was posted; `isPartial` is a run that ended before its plan. */
export const EndLoad = z.strictObject({
  dropped: z.number(sentence('a whole number from 0')).int().min(0).default(0),
  isPartial: z.boolean(sentence('true or false')).default(false),
})
export type EndLoad = z.output<typeof EndLoad>

export const Setting = z.object({
  flag: z.string(),
  variant: z.string(),
  share: z.number().exactOptional(),
  where: z.record(z.string(), z.string()).exactOptional(),
  until: z.string().exactOptional(),
})

export const Acknowledgement = z.object({
  revision: z.string(),
  acknowledgedBy: z.array(z.string()),
  missing: z.array(z.object({ name: z.string(), why: z.string() })),
})

export const FlagState = z.object({
  name: z.string(),
  variants: z.array(z.string()),
  calm: z.string(),
  keys: z.array(z.string()),
  shareBy: z.string(),
  /** Absent when the flag is calm, or when its rule was written by hand and is more than a setting. */
  setting: Setting.exactOptional(),
  isEditedByHand: z.boolean(),
})
export type FlagState = z.output<typeof FlagState>

export const FlagList = Acknowledgement.extend({ flags: z.array(FlagState) })
export const FlagSet = Acknowledgement.extend({ setting: Setting })

export const Traffic = z.object({
  paused: z.boolean(),
  reason: z.string().exactOptional(),
  /** ISO time at which a pause ends by itself. */
  until: z.string().exactOptional(),
})
export type Traffic = z.output<typeof Traffic>

export const ScenarioSummary = z.object({ id: z.string(), level: z.number(), question: z.string() })
export const ScenarioList = z.object({ scenarios: z.array(ScenarioSummary) })

/** What a started scenario goes through. The last three are where it stays until the reset. */
export const runStates = ['arming', 'armed', 'load', 'impact seen', 'no impact', 'failed'] as const
export const ScenarioRun = z.object({
  /** `hidden` for one that keeps it to itself. */
  id: z.string(),
  seed: z.number(),
  state: z.enum(runStates),
  startedAt: z.string(),
  /** Checkouts that the trace store has since the scenario was armed. */
  checkouts: z.number(),
  slow: z.number(),
  /** A sentence, once there is something to say: why there is no impact, or what failed. */
  says: z.string().exactOptional(),
})
/** The id that a hidden run has instead of its own. */
export const hiddenId = 'hidden'
export type ScenarioRun = z.output<typeof ScenarioRun>
export const CurrentScenario = z.object({ current: ScenarioRun.nullable() })

/** `watching` until enough checkouts have come since; `beforehand` and `since` are shares of slow ones, 0 to 1. */
export const Shipped = z.object({
  fix: z.number(),
  state: z.enum(['watching', 'recovered', 'still slow']),
  shippedAt: z.string(),
  beforehand: z.number(),
  since: z.number().exactOptional(),
  checkouts: z.number(),
})
export type Shipped = z.output<typeof Shipped>

/** `waiting` until somebody is paged; `failed` when nothing came of it. */
export const drillStates = ['waiting', 'paged', 'failed'] as const
export const DrillState = z.object({
  player: z.string(),
  level: z.number(),
  seed: z.number(),
  state: z.enum(drillStates),
  startedAt: z.string(),
  checkouts: z.number(),
  slow: z.number(),
  /** What people would do about it, in no particular order. */
  fixes: z.array(z.string()),
  hintsTaken: z.number(),
  /** Those that were taken. */
  hints: z.array(z.string()),
  hintsLeft: z.number(),
  wrongAnswers: z.number(),
  /** Of the best answer so far, of 100. */
  score: z.number(),
  /** The fix that was last shipped for real, and what came of it. */
  shipped: Shipped.exactOptional(),
  says: z.string().exactOptional(),
})
export type DrillState = z.output<typeof DrillState>
export const CurrentDrill = z.object({ current: DrillState.nullable() })
export const StartedDrill = z.object({ current: DrillState })
export const AskedFix = z.strictObject({ fix: z.number(sentence('the number of a fix')).int().min(1) })
export const DrillHint = z.object({ hint: z.string(), left: z.number() })
/** What each part of an answer brought, and why. */
export const DrillMark = z.object({ part: z.string(), points: z.number(), of: z.number(), says: z.string() })
export const DrillGrade = z.object({
  marks: z.array(DrillMark),
  points: z.number(),
  of: z.number(),
  isRight: z.boolean(),
  score: z.number(),
})
export const DrillReveal = z.object({
  id: z.string(),
  title: z.string(),
  question: z.string(),
  truth: z.object({ component: z.string(), kind: z.string(), mechanism: z.string(), path: z.array(z.string()) }),
  wrongFixes: z.array(z.object({ fix: z.string(), because: z.string() })),
  decoy: z.object({ says: z.string(), refutedBy: z.string() }).exactOptional(),
  rightFix: z.string().exactOptional(),
  /** The checkout that the player showed, or the slowest: where its time went, how its context travelled, what was written in it. */
  trace: z
    .object({
      traceId: z.string(),
      url: z.string(),
      tookMs: z.number(),
      path: z.array(
        z.object({ service: z.string(), name: z.string(), part: z.string(), ms: z.number(), share: z.number() }),
      ),
      hops: z.array(z.string()),
      lines: z.array(z.object({ service: z.string(), severity: z.string(), body: z.string() })),
    })
    .exactOptional(),
  /** The alerts that such a thing sets off, or why none. */
  alerts: z.array(z.string()),
  noAlert: z.string().exactOptional(),
  /** Where the variants are chosen, as paths in the repository. */
  code: z.array(z.string()),
  score: z.number(),
  marks: z.array(DrillMark),
})
export type DrillReveal = z.output<typeof DrillReveal>
export const DrillResult = z.object({
  player: z.string(),
  level: z.number(),
  seed: z.number(),
  score: z.number(),
  endedAt: z.string(),
})
export type DrillResult = z.output<typeof DrillResult>
export const DrillBoard = z.object({ results: z.array(DrillResult) })

/** Checkouts of a stretch of time; without any nobody knows how long they take. */
const Feel = z.object({
  checkouts: z.number(),
  perSecond: z.number(),
  p50Ms: z.number().exactOptional(),
  p99Ms: z.number().exactOptional(),
  slow: z.number(),
  notPlaced: z.number(),
})
/** Everything that the console shows of this moment. */
export const Now = z.object({
  at: z.string(),
  sloMs: z.number(),
  /** The share of checkouts (0 to 1) that may be slow or fail. */
  errorBudget: z.number(),
  live: z
    .object({
      steps: z.array(Feel.extend({ atMs: z.number() })),
      lately: Feel,
      before: Feel.exactOptional(),
      since: Feel.exactOptional(),
    })
    .exactOptional(),
  /** Why there is nothing about checkouts. */
  why: z.string().exactOptional(),
  run: ScenarioRun.nullable(),
  drill: DrillState.nullable(),
  traffic: Traffic,
  /** What is not calm, and who made it so; left out while somebody is to find out. */
  armed: z.array(Setting.extend({ by: z.string() })).exactOptional(),
  missing: Acknowledgement.shape.missing,
  look: z.object({ name: z.string(), url: z.string() }),
})
export type Now = z.output<typeof Now>
