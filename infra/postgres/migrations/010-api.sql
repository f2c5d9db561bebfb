-- What `api` owns: customers, carts and orders. An order is the intent first (pending) and the truth later (placed).
CREATE TABLE api.users (
  id text PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  tier text NOT NULL CHECK (tier IN ('standard', 'gold', 'business'))
);

CREATE TABLE api.carts (
  id uuid PRIMARY KEY,
  user_id text NOT NULL REFERENCES api.users (id),
  lines jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api.orders (
  id uuid PRIMARY KEY,
  user_id text NOT NULL REFERENCES api.users (id),
  cart_id uuid NOT NULL REFERENCES api.carts (id),
  idempotency_key text NOT NULL,
  -- The same key with another request is a mistake of the caller, and is told so.
  request_hash text NOT NULL,
  -- pending → placed, or pending → unwinding → cancelled. Every arrow is a compare-and-set.
  state text NOT NULL CHECK (state IN ('pending', 'placed', 'unwinding', 'cancelled')),
  total_cents bigint,
  -- Why an order was not placed: the error code its customer got.
  failure_code text,
  deadline_at timestamptz NOT NULL,
  -- W3C traceparent of the checkout, so that whoever finishes the order later can link to it.
  traceparent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, idempotency_key),
  CHECK (state <> 'placed' OR total_cents IS NOT NULL)
);

-- The sweeper asks for these and nothing else.
CREATE INDEX orders_unfinished ON api.orders (deadline_at) WHERE state IN ('pending', 'unwinding');

GRANT SELECT ON api.users TO api;
GRANT SELECT, INSERT ON api.carts TO api;
GRANT SELECT, INSERT, UPDATE ON api.orders TO api;
