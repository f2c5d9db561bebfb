// What is too much for a process of the shop, each with its reason. How long it may stand still, its alert says.

/** In a process that is busy two thirds of the time, requests queue for twice as long as they take, on average. */
export const busyShare = 2 / 3

/** A collector that takes a tenth of the time works for itself: usually there is too little memory for what is kept. */
export const collectingShare = 0.1
