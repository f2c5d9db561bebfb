-- Codes that customers may enter, without their dashes.
CREATE TABLE pricing.coupons (
  code text PRIMARY KEY,
  percent integer NOT NULL CHECK (percent BETWEEN 1 AND 90)
);

GRANT SELECT ON pricing.coupons TO pricing;
