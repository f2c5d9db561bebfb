// Markup in which every value is escaped, unless it is markup itself.

/** Needs no escaping any more. */
export type Html = { readonly markup: string }

type Value = Html | string | number | undefined | readonly Html[]

/** html`<p>${text}</p>`; lists are joined, what is undefined is left out. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return { markup: String.raw({ raw: strings }, ...values.map(markupOf)) }
}

/** Only for what is written in these files. */
export const trusted = (markup: string): Html => ({ markup })

function markupOf(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value))
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
