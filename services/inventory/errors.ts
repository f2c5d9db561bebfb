import { AppError } from '../kit/errors.ts'

export class OutOfStock extends AppError {
  override name = 'OutOfStock'
  readonly code = 'out_of_stock'
  readonly status = 409
  readonly sku: string
  constructor(sku: string) {
    super(`No stock left for ${sku}.`)
    this.sku = sku
  }
}

export class UnknownProduct extends AppError {
  override name = 'UnknownProduct'
  readonly code = 'unknown_product'
  readonly status = 422
  constructor(sku: string) {
    super(`There is no product ${sku}.`)
  }
}

/** One attempt to ask pricing took too long; another one follows. */
export class PricingTimeout extends AppError {
  override name = 'PricingTimeout'
  readonly code = 'pricing_timeout'
  readonly status = 504
  constructor(afterMs: number) {
    super(`pricing did not answer within ${afterMs} ms`)
  }
}

/** The order was given up before its reservation arrived. */
export class OrderClosed extends AppError {
  override name = 'OrderClosed'
  readonly code = 'order_closed'
  readonly status = 409
  constructor(orderId: string) {
    super(`Order ${orderId} was given up; nothing was reserved for it.`)
  }
}
