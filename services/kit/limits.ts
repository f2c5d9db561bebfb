// From when on a wait is told of: whoever writes the line, and the pages and alerts that speak of it, read it here.

/** A statement, which Postgres logs; a wait for a lock, a connection or a turn. */
export const toldAfterMs = 200

/** Of an answer of the bank, which hardly ever takes longer than this. */
export const lateBankMs = 250
