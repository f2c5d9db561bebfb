// Every name that a machine looks up later, written once: spans, metrics, attributes, events. Plain data, no imports.
// Names that OpenTelemetry's semantic conventions have are theirs; the rest starts with `shop.` or `postgresql.`.

export const serviceNames = ['api', 'inventory', 'payment', 'pricing'] as const
export type ServiceName = (typeof serviceNames)[number]

/** Spans that our own code starts (the others come from the instrumentation of http, undici, pg and pg-boss). */
export const spans = {
  validateSession: 'auth.validate',
  priceCart: 'price cart',
  sweepOrder: 'sweep order',
  lockStock: 'lock stock',
  checkout: 'POST /api/checkout',
  poolConnect: 'pg-pool.connect',
} as const

export const metrics = {
  httpServerDuration: 'http.server.request.duration',
  httpClientDuration: 'http.client.request.duration',
  dbDuration: 'db.client.operation.duration',
  checkoutDuration: 'shop.checkout.duration',
  checkouts: 'shop.checkouts',
  poolConnections: 'shop.db.pool.connections',
  poolWaiting: 'shop.db.pool.waiting',
  cacheLookups: 'shop.cache.lookups',
  coupons: 'shop.coupons',
  queueAge: 'shop.queue.oldest_job.age',
  queueJobs: 'pgboss.queue.jobs',
  messageProcessing: 'messaging.process.duration',
  reservations: 'shop.reservations',
  authorisations: 'shop.authorisations',
  bankRetries: 'shop.bank.retries',
  bankDuration: 'shop.bank.duration',
  bankLateAnswers: 'shop.bank.late_answers',
  bankSessionWaits: 'shop.bank.session.waits',
  priceRow: 'shop.pricing.questions.waiting',
  stockReports: 'shop.stock_reports',
  pricingRetries: 'shop.pricing.retries',
  ordersSwept: 'shop.orders.swept',
  eventLoopDelayMax: 'nodejs.eventloop.delay.max',
  eventLoopDelayP99: 'nodejs.eventloop.delay.p99',
  eventLoopUtilization: 'nodejs.eventloop.utilization',
  eventLoopTime: 'nodejs.eventloop.time',
  gcDuration: 'v8js.gc.duration',
  heapUsed: 'v8js.memory.heap.used',
  dbSessions: 'postgresql.sessions',
  dbSessionsWaiting: 'postgresql.sessions.waiting',
} as const
export type MetricName = (typeof metrics)[keyof typeof metrics]

export const attributes = {
  orderId: 'shop.order_id',
  sku: 'shop.sku',
  cartSize: 'shop.cart_size',
  cartLines: 'shop.cart_lines',
  tier: 'shop.tier',
  issuer: 'shop.card_issuer',
  outcome: 'shop.outcome',
  totalCents: 'shop.total_cents',
  persona: 'shop.persona',
  run: 'shop.run',
  cacheResult: 'shop.cache.result',
  coupon: 'shop.coupon',
  couponCode: 'shop.coupon_code',
  pool: 'shop.db.pool',
  poolState: 'shop.db.pool.state',
  consumer: 'shop.queue.consumer',
  bankPart: 'shop.bank.part',
  bankWaitedMs: 'shop.bank.waited_ms',
  bankOwnMs: 'shop.bank.own_ms',
  peerService: 'peer.service',
  localPort: 'network.local.port',
  instance: 'service.instance.id',
  errorType: 'error.type',
  status: 'http.response.status_code',
  resendCount: 'http.request.resend_count',
  waitEventType: 'postgresql.wait_event.type',
  waitEvent: 'postgresql.wait_event',
  sessionState: 'postgresql.state',
  sessionPid: 'postgresql.pid',
  waitMs: 'postgresql.wait_ms',
  blockedByPid: 'postgresql.blocked_by.pid',
  blockedByTraceId: 'postgresql.blocked_by.trace_id',
  blockedByService: 'postgresql.blocked_by.service',
} as const

/** Span events. Those of a service's `signals.ts` come with a counter and a log line. */
export const events = {
  retry: 'retry',
  cacheMiss: 'cache.miss',
  couponAccepted: 'coupon.accepted',
  couponRefused: 'coupon.refused',
  cardDeclined: 'card.declined',
  outOfStock: 'stock.out',
  stockReserved: 'stock.reserved',
  stockReported: 'stock.reported',
  stockSettled: 'stock.settled',
  cardAuthorised: 'card.authorised',
  cardVoided: 'card.voided',
  cardCaptured: 'card.captured',
  bankLate: 'bank.late',
  bankSessionAwaited: 'bank.session.awaited',
  orderPlaced: 'order.placed',
  orderUnwound: 'order.unwound',
  orderSwept: 'order.swept',
} as const

/** Lines that are looked for by what they say, as nothing else tells them apart. */
export const lineTexts = {
  waitedForTurn: 'for its turn',
  leftUnfinished: 'was left unfinished',
} as const

/** Baggage keys that the lab accepts from outside; they are copied to spans and log lines. Anything else is dropped. */
export const baggageKeys = [attributes.persona, attributes.run] as const

export const headers = {
  /** Milliseconds the caller is still going to wait (a duration, so that clocks need not agree). */
  remainingMs: 'x-remaining-ms',
  /** https://www.w3.org/TR/trace-context-2/#traceresponse-header */
  traceResponse: 'traceresponse',
  idempotencyKey: 'idempotency-key',
} as const

/** How many lines make which `shop.cart_size`. A low-cardinality stand-in for the number of lines. */
export function cartSizeOf(lineCount: number): 'small' | 'medium' | 'large' | 'bulk' {
  if (lineCount >= 20) return 'bulk'
  if (lineCount >= 8) return 'large'
  return lineCount >= 4 ? 'medium' : 'small'
}
