-- What `payment` owns: customers' cards (tokens, never numbers) and authorisations, one per order.
CREATE TABLE payment.cards (
  user_id text PRIMARY KEY,
  token text NOT NULL UNIQUE,
  issuer text NOT NULL
);

CREATE TABLE payment.authorisations (
  order_id uuid PRIMARY KEY,
  user_id text NOT NULL,
  amount_cents bigint CHECK (amount_cents > 0),
  -- requested before the bank is asked; a void that comes first leaves a row in state voided.
  state text NOT NULL CHECK (state IN ('requested', 'authorised', 'declined', 'voided', 'captured')),
  bank_reference text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (state NOT IN ('authorised', 'captured') OR (bank_reference IS NOT NULL AND amount_cents IS NOT NULL))
);

GRANT SELECT ON payment.cards TO payment;
GRANT SELECT, INSERT, UPDATE ON payment.authorisations TO payment;
