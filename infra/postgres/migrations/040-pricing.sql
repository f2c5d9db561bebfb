-- What `pricing` owns: list prices, volume discounts and what business customers were promised.
CREATE TABLE pricing.prices (
  sku text PRIMARY KEY,
  price_cents integer NOT NULL CHECK (price_cents > 0)
);

CREATE TABLE pricing.discounts (
  tier text NOT NULL,
  sku text NOT NULL REFERENCES pricing.prices (sku),
  min_quantity integer NOT NULL CHECK (min_quantity > 0),
  percent integer NOT NULL CHECK (percent BETWEEN 1 AND 90),
  PRIMARY KEY (tier, sku, min_quantity)
);

GRANT SELECT ON pricing.prices, pricing.discounts TO pricing;
