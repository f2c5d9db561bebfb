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

export class UnknownLesson extends AppError {
  override name = 'UnknownLesson'
  readonly code = 'unknown_lesson'
  readonly status = 404
}

export class UnknownLoad extends AppError {
  override name = 'UnknownLoad'
  readonly code = 'unknown_load'
  readonly status = 404
}

/** More checkouts than a run may have. */
export class LoadTooLarge extends AppError {
  override name = 'LoadTooLarge'
  readonly code = 'load_too_large'
  readonly status = 400
}

/** A run that is over takes nothing more. */
export class LoadIsOver extends AppError {
  override name = 'LoadIsOver'
  readonly code = 'load_is_over'
  readonly status = 409
}

/** Not every service has read what a lesson or a player ships: what is measured would be about something else. */
export class NotArmed extends AppError {
  override name = 'NotArmed'
  readonly code = 'not_armed'
  readonly status = 503
}

/** Something else has the shop to itself: a running scenario, a proof or a load run. */
export class Busy extends AppError {
  override name = 'Busy'
  readonly code = 'busy'
  readonly status = 409
}

export class NoDrill extends AppError {
  override name = 'NoDrill'
  readonly code = 'no_drill'
  readonly status = 404
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
