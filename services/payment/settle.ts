// Ends an authorisation: gives the money back, or captures it once the order is placed. Both may come twice.
import { type Deadline, deadlineIn } from '../kit/http/deadline.ts'
import type { EventOf } from '../kit/queue/events.ts'
import type { PaymentDeps } from './authorise.ts'
import type { Voided } from './contract.ts'

/** A job has more patience than a customer. */
const captureWithinMs = 5_000

/**
 * Voids at home first, so that an authorisation on its way is refused when it comes back, then at the bank, where it
 * leaves a mark too. A captured order stays captured; a declined one holds nothing, and the bank need not hear of it.
 */
export async function voidAuthorisation(orderId: string, deadline: Deadline, deps: PaymentDeps): Promise<Voided> {
  const before = await deps.store.void(orderId)
  if (before === 'captured') return { orderId, state: before }
  if (before === 'declined') return { orderId, state: 'voided' }
  const { state } = await deps.bank.void(orderId, deadline)
  if (state === 'captured') return { orderId, state }
  if (before === 'authorised' || before === 'requested') deps.signals.voided(orderId)
  return { orderId, state: 'voided' }
}

/** Takes the money of a placed order. */
export async function capture(
  { orderId }: EventOf<'order-placed'>,
  { store, bank, signals }: PaymentDeps,
): Promise<void> {
  await bank.capture(orderId, deadlineIn(captureWithinMs))
  if (await store.capture(orderId)) signals.captured(orderId)
}
