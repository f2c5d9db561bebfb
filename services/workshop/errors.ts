// What the workshop refuses, a closed set.
import { AppError } from '../kit/errors.ts'

export class UnknownFlag extends AppError {
  override name = 'UnknownFlag'
  readonly code = 'unknown_flag'
  readonly status = 404
}

export class InvalidSetting extends AppError {
  override name = 'InvalidSetting'
  readonly code = 'invalid_setting'
  readonly status = 400
}

export class UnknownScenario extends AppError {
  override name = 'UnknownScenario'
  readonly code = 'unknown_scenario'
  readonly status = 404
}

/** Something else has the shop to itself: a running scenario or a proof. */
export class Busy extends AppError {
  override name = 'Busy'
  readonly code = 'busy'
  readonly status = 409
}

/** Somebody's editor left the flag file in a state that must not be overwritten unasked. */
export class UnreadableFlagFile extends AppError {
  override name = 'UnreadableFlagFile'
  readonly code = 'unreadable_flag_file'
  readonly status = 409
}

/** A page on another site must not be able to change anything here. */
export class ForeignOrigin extends AppError {
  override name = 'ForeignOrigin'
  readonly code = 'forbidden'
  readonly status = 403
}
