// Attribute names that only Postgres's own telemetry has. Those that others look up are in services/kit/telemetry/names.ts.

export const dbAttributes = {
  system: 'db.system.name',
  namespace: 'db.namespace',
  statement: 'db.query.text',
  stateCode: 'db.response.status_code',
  user: 'postgresql.user',
  backendType: 'postgresql.backend_type',
  detail: 'postgresql.detail',
  durationMs: 'postgresql.duration_ms',
  queryId: 'postgresql.query_id',
} as const
