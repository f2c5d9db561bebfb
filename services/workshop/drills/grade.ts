// What an answer is worth. Pure: what was looked up for it is handed in.
import type { Discriminator, Truth } from '../scenario.ts'
import type { Answer } from './answer.ts'
import type { Checked } from './evidence.ts'

export const pointsFor = {
  component: 25,
  mechanism: 25,
  discriminator: 15,
  onset: 5,
  fix: 10,
  trace: 10,
  metric: 5,
  log: 5,
} as const
export type Part = keyof typeof pointsFor

/** What one part of the answer brought, and why. */
export type Mark = { part: Part; points: number; of: number; says: string }
export type Grade = { marks: Mark[]; points: number; of: number; isRight: boolean }

export type Facts = {
  truth: Truth
  armedAtMs: number
  /** The number of the right fix; absent where there is none. */
  rightFix?: number
  evidence: Partial<Record<'trace' | 'metric' | 'log', Checked>>
}

const onsetWithinMs = 30_000

/** Nothing is wrong: then that is the whole answer. Otherwise "nothing is wrong" is worth nothing. */
export function grade(answer: Answer, facts: Facts): Grade {
  const isNothing = facts.truth.kind === 'none'
  if (isNothing) return gradedNothing(answer)
  const marks = [
    component(answer, facts),
    mechanism(answer, facts),
    discriminator(answer, facts),
    onset(answer, facts),
    ...(facts.rightFix === undefined ? [] : [fix(answer, facts.rightFix)]),
    ...(['trace', 'metric', 'log'] as const).map((part) => shown(part, facts.evidence[part])),
  ]
  return summed(answer.mechanism === 'none' ? marks.map((mark) => ({ ...mark, points: 0 })) : marks)
}

function gradedNothing(answer: Answer): Grade {
  const isRight = answer.mechanism === 'none' && answer.components.every((one) => one === 'none')
  const of = pointsFor.component + pointsFor.mechanism
  const says = isRight ? 'nothing is wrong, and you said so' : 'nothing is wrong'
  return summed([{ part: 'mechanism', points: isRight ? of : 0, of, says }])
}

function summed(marks: Mark[]): Grade {
  const sum = (of: (mark: Mark) => number) => marks.reduce((total, mark) => total + of(mark), 0)
  const isFull = (part: Part) => marks.every((mark) => mark.part !== part || mark.points === mark.of)
  return {
    marks,
    points: sum(({ points }) => points),
    of: sum(({ of }) => of),
    isRight: isFull('component') && isFull('mechanism'),
  }
}

const mark = (part: Part, share: number, says: string): Mark => ({
  part,
  points: Math.round(pointsFor[part] * share * 10) / 10,
  of: pointsFor[part],
  says,
})

/** Who names several has a part of the points. */
function component({ components }: Answer, { truth }: Facts): Mark {
  const named = new Set(components)
  const isNamed = components.some((one) => one === truth.component)
  const says = !isNamed
    ? 'it is somebody else'
    : named.size === 1
      ? 'that is who it is'
      : `one of the ${named.size} that you named`
  return mark('component', isNamed ? 1 / named.size : 0, says)
}

function mechanism(answer: Answer, { truth }: Facts): Mark {
  const isRight = answer.mechanism === truth.kind
  return mark('mechanism', isRight ? 1 : 0, isRight ? 'that is what it is' : 'it comes about in another way')
}

function discriminator({ discriminator: said }: Answer, { truth }: Facts): Mark {
  if (said === undefined) return mark('discriminator', 0, 'nothing was said of what slow ones have in common')
  const isRight = isSame(said, truth.discriminator)
  return mark('discriminator', isRight ? 1 : 0, isRight ? 'that tells them apart' : 'that does not tell them apart')
}

/** An attribute may be named with its span or without. */
function isSame(said: NonNullable<Answer['discriminator']>, truth: Discriminator): boolean {
  if ('nothing' in said || 'nothing' in truth)
    return 'nothing' in said && 'nothing' in truth && said.nothing === truth.nothing
  const isKey = said.key === truth.key || truth.key.endsWith(`:${said.key}`) || said.key.endsWith(`:${truth.key}`)
  return isKey && (truth.value === undefined || said.value === truth.value)
}

function onset({ onset: said }: Answer, { armedAtMs }: Facts): Mark {
  if (said === undefined) return mark('onset', 0, 'nothing was said of when it began')
  const offSeconds = Math.round((Date.parse(said) - armedAtMs) / 1000)
  const isRight = Math.abs(offSeconds) * 1000 <= onsetWithinMs
  const away = offSeconds === 0 ? 'to the second' : `${Math.abs(offSeconds)} s too ${offSeconds < 0 ? 'early' : 'late'}`
  return mark('onset', isRight ? 1 : 0, away)
}

function fix({ fix: chosen }: Answer, right: number): Mark {
  if (chosen === undefined) return mark('fix', 0, 'no fix was chosen')
  return mark('fix', chosen === right ? 1 : 0, chosen === right ? 'that ends it' : 'that leaves it')
}

function shown(part: 'trace' | 'metric' | 'log', checked: Checked | undefined): Mark {
  if (checked === undefined) return mark(part, 0, `no ${part} was shown`)
  return mark(part, checked.isGood ? 1 : 0, checked.says)
}

/** Each answer before this one, and each hint, has its price. Thinking is cheap: half of what time can cost is gone after 15 minutes. */
export const prices = { wrongAnswer: 10, hint: 8, halfLifeMinutes: 15, mostOfTime: 0.3 }

/** Points of 100, after prices and time. */
export function scoreOf(
  { points, of }: Pick<Grade, 'points' | 'of'>,
  { wrongAnswers, hints, minutes }: { wrongAnswers: number; hints: number; minutes: number },
): number {
  const whole = (points / of) * 100
  const left = 1 - prices.mostOfTime * (1 - 2 ** (-minutes / prices.halfLifeMinutes))
  return Math.max(0, Math.round(whole * left - wrongAnswers * prices.wrongAnswer - hints * prices.hint))
}
