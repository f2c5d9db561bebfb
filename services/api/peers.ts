// The two services that a checkout needs, as functions.

import * as inventory from '../inventory/contract.ts'
import { createPeer } from '../kit/http/client.ts'
import type { Deadline } from '../kit/http/deadline.ts'
import * as payment from '../payment/contract.ts'

export type Inventory = ReturnType<typeof createInventory>
export type Payment = ReturnType<typeof createPayment>

export function createInventory(urls: readonly string[]) {
  const peer = createPeer('inventory', urls)
  return {
    reserve: (body: inventory.ReserveRequest, deadline: Deadline) =>
      peer.call({ method: 'POST', path: '/reservations', body, answer: inventory.Reservation, deadline }),
    release: (orderId: string, deadline: Deadline) =>
      peer.call({ method: 'DELETE', path: `/reservations/${orderId}`, answer: inventory.Released, deadline }),
    quote: (body: inventory.CartRequest, deadline: Deadline) =>
      peer.call({ method: 'POST', path: '/quotes', body, answer: inventory.CartQuote, deadline }),
    catalogue: (deadline: Deadline) =>
      peer.call({ method: 'GET', path: '/catalogue', answer: inventory.Catalogue, deadline }),
  }
}

export function createPayment(urls: readonly string[]) {
  const peer = createPeer('payment', urls)
  return {
    authorise: (body: payment.AuthoriseRequest, deadline: Deadline) =>
      peer.call({ method: 'POST', path: '/authorisations', body, answer: payment.Authorised, deadline }),
    void: (orderId: string, deadline: Deadline) =>
      peer.call({ method: 'DELETE', path: `/authorisations/${orderId}`, answer: payment.Voided, deadline }),
    eligibility: (userId: string, deadline: Deadline) =>
      peer.call({ method: 'GET', path: `/eligibility/${userId}`, answer: payment.Eligibility, deadline }),
  }
}
