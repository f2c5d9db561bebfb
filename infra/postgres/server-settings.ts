// How the lab's Postgres is configured, wherever it runs: durable, modest, and with a log that leads back to a trace.
import { toldAfterMs } from '../../services/kit/limits.ts'

/**
 * Settings that matter to the lessons. JSON log lines carry the statement with its `traceparent` comment and never a bind
 * value; lock waits show after the same time as slow statements. Six files of ten minutes are overwritten in turn, so the log stays bounded.
 */
export const serverSettings = {
  max_connections: '120',
  shared_buffers: '32MB',
  work_mem: '2MB',
  // Reading is done where the session is: a worker would have memory of its own, and the cores are busy anyway.
  max_parallel_workers_per_gather: '0',
  max_wal_size: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  // Compiling a plan now and then would make a few statements slow for a reason that no lesson is about.
  jit: 'off',
  timezone: 'UTC',
  // The trailing comment of a long statement must survive in pg_stat_activity.
  track_activity_query_size: '16kB',
  log_timezone: 'UTC',
  log_destination: 'jsonlog',
  logging_collector: 'on',
  log_filename: 'postgres-%M.log',
  log_rotation_age: '10min',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  log_file_mode: '0640',
  log_lock_waits: 'on',
  deadlock_timeout: `${toldAfterMs}ms`,
  log_min_duration_statement: `${toldAfterMs}ms`,
  log_statement: 'none',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
} as const satisfies Record<string, string>

/** The settings as command-line arguments of `postgres`. */
export function asArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
