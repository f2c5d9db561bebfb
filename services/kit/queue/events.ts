// What is said over the queue, and who listens. Plain data and types, no imports.

export type OrderPlaced = { type: 'order-placed'; orderId: string }
export type ShopEvent = OrderPlaced
export type EventOf<T extends ShopEvent['type']> = Extract<ShopEvent, { type: T }>

/** Every consumer of an event has a queue of its own, so that one falling behind does not hold up the other. */
export const consumers = { 'order-placed': ['inventory', 'payment'] } as const satisfies Record<
  ShopEvent['type'],
  readonly string[]
>

/** The queue in which `consumer` finds events of a type. */
export const queueName = (type: ShopEvent['type'], consumer: string): string => `${type}/${consumer}`
