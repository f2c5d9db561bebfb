-- What the customer typed into the field for a coupon. Whether it is worth anything, pricing knows.
ALTER TABLE api.carts ADD COLUMN coupon text;
