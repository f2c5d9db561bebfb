import { AppError } from '../kit/errors.ts'

export class Unauthenticated extends AppError {
  override name = 'Unauthenticated'
  readonly code = 'unauthenticated'
  readonly status = 401
  constructor(message = 'Sign in first: POST /api/session, then send the token as Authorization: Bearer ….') {
    super(message)
  }
}

export class NoSuchCart extends AppError {
  override name = 'NoSuchCart'
  readonly code = 'no_such_cart'
  readonly status = 404
  constructor(cartId: string) {
    super(`You have no cart ${cartId}.`)
  }
}

export class NoSuchOrder extends AppError {
  override name = 'NoSuchOrder'
  readonly code = 'no_such_order'
  readonly status = 404
  constructor(orderId: string) {
    super(`You have no order ${orderId}.`)
  }
}

/** More than one checkout may cost. */
export class TotalTooHigh extends AppError {
  override name = 'TotalTooHigh'
  readonly code = 'total_too_high'
  readonly status = 422
  constructor(totalCents: number, maxCents: number) {
    super(`The cart comes to ${totalCents} cents; one checkout may cost ${maxCents} at most.`)
  }
}

export class KeyReused extends AppError {
  override name = 'KeyReused'
  readonly code = 'idempotency_key_reused'
  readonly status = 422
  constructor(key: string) {
    super(`Idempotency-Key ${key} was used for another checkout. Use a new key.`)
  }
}

export class CheckoutInProgress extends AppError {
  override name = 'CheckoutInProgress'
  readonly code = 'checkout_in_progress'
  readonly status = 409
  override readonly retryAfterSeconds = 1
  constructor(orderId: string) {
    super(`Order ${orderId} is still being placed. Ask again with the same key.`)
  }
}

/** Nothing was begun, and nothing was asked of anybody. */
export class Overloaded extends AppError {
  override name = 'Overloaded'
  readonly code = 'overloaded'
  readonly status = 503
  /** A crowd that comes back after a second is the same crowd. */
  override readonly retryAfterSeconds = 5
  override readonly isOneOfMany = true
  constructor(underWay: number) {
    super(`The shop is busy with ${underWay} checkouts. Nothing was begun: ask again with the same key.`)
  }
}

/** Stock was sold or money taken for an order that is being undone: for a person to look at, and the audit names it. */
export class AlreadySettled extends AppError {
  override name = 'AlreadySettled'
  readonly code = 'already_settled'
  readonly status = 409
  constructor(orderId: string) {
    super(`Order ${orderId} was settled already and cannot be undone.`)
  }
}

/** The order was given up, now or by an earlier request with the same key. */
export class OrderCancelled extends AppError {
  override name = 'OrderCancelled'
  readonly code = 'order_cancelled'
  readonly status = 409
  constructor(orderId: string, reason: string | null) {
    super(`Order ${orderId} was not placed (${reason ?? 'given up'}). Nothing was charged. Use a new key to try again.`)
  }
}
