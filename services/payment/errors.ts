import { AppError } from '../kit/errors.ts'

export class CardDeclined extends AppError {
  override name = 'CardDeclined'
  readonly code = 'card_declined'
  readonly status = 402
  constructor(orderId: string) {
    super(`The bank declined the card for order ${orderId}.`)
  }
}

export class NoCard extends AppError {
  override name = 'NoCard'
  readonly code = 'no_card'
  readonly status = 422
  constructor(userId: string) {
    super(`Customer ${userId} has no card.`)
  }
}

/** The order was given up before its authorisation arrived. */
export class OrderClosed extends AppError {
  override name = 'OrderClosed'
  readonly code = 'order_closed'
  readonly status = 409
  constructor(orderId: string) {
    super(`Order ${orderId} was given up; nothing was charged for it.`)
  }
}

/** The same order asked for another amount. */
export class AmountChanged extends AppError {
  override name = 'AmountChanged'
  readonly code = 'amount_changed'
  readonly status = 409
  constructor(orderId: string) {
    super(`Order ${orderId} was authorised with another amount.`)
  }
}

export class BankUnavailable extends AppError {
  override name = 'BankUnavailable'
  readonly code = 'bank_unavailable'
  readonly status = 502
  constructor(because: { status: number } | { cause: unknown }) {
    if ('status' in because) super(`The bank answered with HTTP ${because.status}.`)
    else super('The bank could not be reached.', because)
  }
}

/** The bank has no room now and says when it will have. */
export class BankBusy extends AppError {
  override name = 'BankBusy'
  readonly code = 'bank_busy'
  readonly status = 502
  readonly retryAfterMs: number
  constructor(retryAfterMs: number) {
    super(`The bank has no room for another ${retryAfterMs} ms.`)
    this.retryAfterMs = retryAfterMs
  }
}

/** The bank understood and said no: asking again changes nothing. */
export class BankRefused extends AppError {
  override name = 'BankRefused'
  readonly code = 'bank_refused'
  readonly status = 502
  constructor(bankStatus: number) {
    super(`The bank refused what was asked of it (${bankStatus}).`)
  }
}
