// "Did you mean": the names that exist, those most like the one given first.

/** The candidates by edit distance to `given`, quoted in one list for a sentence. */
export function listClosest(given: string, candidates: readonly string[]): string {
  return candidates.toSorted((a, b) => editDistance(given, a) - editDistance(given, b)).join(', ')
}

/** Insertions, deletions and replacements that turn one text into the other (Levenshtein), one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, character] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (character === b[j] ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
