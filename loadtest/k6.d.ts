// As much of k6 as the scripts here use: its types are a package of their own, and larger than the scripts.
declare module 'k6/http' {
  export type Params = { headers?: Record<string, string>; tags?: Record<string, string>; timeout?: string }
  export type Response = { status: number; body: string | null; json(selector?: string): unknown }
  const http: { request(method: string, url: string, body: string | null, params?: Params): Response }
  export default http
}

declare module 'k6/execution' {
  const exec: { scenario: { iterationInTest: number } }
  export default exec
}

declare module 'k6' {
  export function sleep(seconds: number): void
}

declare const __ENV: Record<string, string | undefined>
