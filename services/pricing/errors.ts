import { AppError } from '../kit/errors.ts'

export class UnknownProduct extends AppError {
  override name = 'UnknownProduct'
  readonly code = 'unknown_product'
  readonly status = 422
  constructor(sku: string) {
    super(`There is no product ${sku}.`)
  }
}
