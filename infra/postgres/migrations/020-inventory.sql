-- What `inventory` owns: stock and reservations.
CREATE TABLE inventory.stock (
  -- Rows are always locked in the order of this number, so that two carts never wait for each other in a circle.
  id integer PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  name text NOT NULL,
  initial integer NOT NULL CHECK (initial >= 0),
  reserved integer NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  sold integer NOT NULL DEFAULT 0 CHECK (sold >= 0),
  CHECK (initial - reserved - sold >= 0)
);

CREATE TABLE inventory.reservations (
  order_id uuid PRIMARY KEY,
  -- A release that comes before its reservation leaves a row in state released: the late reservation is then refused.
  state text NOT NULL CHECK (state IN ('reserved', 'released', 'confirmed')),
  quote jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE inventory.reservation_lines (
  order_id uuid NOT NULL REFERENCES inventory.reservations (order_id),
  stock_id integer NOT NULL REFERENCES inventory.stock (id),
  quantity integer NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (order_id, stock_id)
);

-- Every checkout of a popular product updates the same row: room for the new versions on the same page.
ALTER TABLE inventory.stock SET (fillfactor = 30, autovacuum_vacuum_scale_factor = 0.5);

GRANT SELECT, UPDATE ON inventory.stock TO inventory;
GRANT SELECT, INSERT, UPDATE ON inventory.reservations TO inventory;
GRANT SELECT, INSERT ON inventory.reservation_lines TO inventory;
