// What must hold inside the shop's database, each rule as the query that finds whoever breaks it. Orders that are pending
// or unwinding may be half done; their own deadline says for how long.

/** Past its deadline by this much, an order that is still unfinished has been forgotten. */
const forgottenAfter = `interval '60 seconds'`

export const rules: Record<string, string> = {
  'a placed order has one authorisation of its total': `
    SELECT o.id AS order_id, o.total_cents, a.state, a.amount_cents
    FROM api.orders o LEFT JOIN payment.authorisations a ON a.order_id = o.id
    WHERE o.state = 'placed'
      AND (a.state IS NULL OR a.state NOT IN ('authorised', 'captured') OR a.amount_cents <> o.total_cents)`,

  'a placed order has its stock': `
    SELECT o.id AS order_id, r.state FROM api.orders o LEFT JOIN inventory.reservations r ON r.order_id = o.id
    WHERE o.state = 'placed' AND (r.state IS NULL OR r.state = 'released'
      OR (r.quote ->> 'totalCents')::bigint <> o.total_cents)`,

  'a cancelled order holds neither money nor stock': `
    SELECT o.id AS order_id, a.state AS authorisation, r.state AS reservation FROM api.orders o
    LEFT JOIN payment.authorisations a ON a.order_id = o.id
    LEFT JOIN inventory.reservations r ON r.order_id = o.id
    WHERE o.state = 'cancelled'
      AND (a.state IN ('requested', 'authorised', 'captured') OR r.state IN ('reserved', 'confirmed'))`,

  'money is held only for an order': `
    SELECT a.order_id, a.state FROM payment.authorisations a LEFT JOIN api.orders o ON o.id = a.order_id
    WHERE a.state <> 'voided' AND o.id IS NULL`,

  'stock is held only for an order': `
    SELECT r.order_id, r.state FROM inventory.reservations r LEFT JOIN api.orders o ON o.id = r.order_id
    WHERE r.state <> 'released' AND o.id IS NULL`,

  'captured or sold means placed': `
    SELECT o.id AS order_id, o.state, a.state AS authorisation, r.state AS reservation FROM api.orders o
    LEFT JOIN payment.authorisations a ON a.order_id = o.id
    LEFT JOIN inventory.reservations r ON r.order_id = o.id
    WHERE o.state <> 'placed' AND (a.state = 'captured' OR r.state = 'confirmed')`,

  'stock adds up and is never negative': `
    SELECT s.sku, s.initial, s.reserved, s.sold, held.reserved AS lines_reserved, held.sold AS lines_sold
    FROM inventory.stock s LEFT JOIN (
      SELECT l.stock_id, coalesce(sum(l.quantity) FILTER (WHERE r.state = 'reserved'), 0) AS reserved,
        coalesce(sum(l.quantity) FILTER (WHERE r.state = 'confirmed'), 0) AS sold
      FROM inventory.reservation_lines l JOIN inventory.reservations r USING (order_id) GROUP BY l.stock_id
    ) held ON held.stock_id = s.id
    WHERE s.reserved <> coalesce(held.reserved, 0) OR s.sold <> coalesce(held.sold, 0)
      OR s.initial - s.reserved - s.sold < 0`,

  'no order is forgotten': `
    SELECT id AS order_id, state, deadline_at FROM api.orders
    WHERE state IN ('pending', 'unwinding') AND deadline_at < now() - ${forgottenAfter}`,
}

/** The states in which an order may be met between two steps. */
export const inFlightQueries: Record<string, string> = {
  'being placed': `SELECT count(*) FROM api.orders WHERE state = 'pending'`,
  'being undone': `SELECT count(*) FROM api.orders WHERE state = 'unwinding'`,
  'placed, stock to be confirmed': `
    SELECT count(*) FROM api.orders o JOIN inventory.reservations r ON r.order_id = o.id
    WHERE o.state = 'placed' AND r.state = 'reserved'`,
  'placed, money to be captured': `
    SELECT count(*) FROM api.orders o JOIN payment.authorisations a ON a.order_id = o.id
    WHERE o.state = 'placed' AND a.state = 'authorised'`,
}
