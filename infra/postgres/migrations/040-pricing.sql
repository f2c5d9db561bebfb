-- What `pricing` owns: list prices, and the discounts the shop itself gives. (What business customers were
-- promised is in the wholesaler's ERP.)
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
