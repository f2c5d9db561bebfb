// As much of k6 as the scripts here use: its types are a package of their own, and larger than the scripts.
declare module 'k6/http' {
  export type Params = { headers?: Record<string, string>; tags?: Record<string, string>; timeout?: string }
  export type Request = { method: string; url: string; body: string | null; params?: Params }
  /** `error_code` is 0 when an answer came; https://grafana.com/docs/k6/latest/javascript-api/error-codes/ */
  export type Response = {
    status: number
    body: string | null
    headers: Record<string, string>
    error: string
    error_code: number
    json(selector?: string): unknown
  }
  const http: {
    request(method: string, url: string, body: string | null, params?: Params): Response
    batch(requests: Request[]): Response[]
  }
  export default http
}

declare module 'k6/execution' {
  const exec: {
    /** `startTime` in milliseconds on the wall clock. */
    scenario: { iterationInTest: number; startTime: number }
  }
  export default exec
}

declare module 'k6/metrics' {
  type Tags = Record<string, string>
  export class Counter {
    constructor(name: string)
    add(value: number, tags?: Tags): void
  }
  export class Trend {
    constructor(name: string, isTime?: boolean)
    add(value: number, tags?: Tags): void
  }
  export class Rate {
    constructor(name: string)
    add(isGood: boolean, tags?: Tags): void
  }
}

declare module 'k6' {
  export function sleep(seconds: number): void
}

declare const __ENV: Record<string, string | undefined>
