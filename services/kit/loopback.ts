// Which addresses only this machine reaches: what listens there may do with a secret that everybody knows.

/** `127.0.0.1`, any other of 127/8, `::1` or `localhost`. */
export const isLoopback = (address: string): boolean => /^(127(\.\d+){3}|\[?::1\]?|localhost)$/.test(address)
