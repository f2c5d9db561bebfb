// What is too much for a process of the shop, each with its reason.
import { slo } from '../../services/kit/slo.ts'

/** A fifth of what a checkout may take: whoever comes meanwhile waits as long, in each process that it passes. */
export const standstillSeconds = slo.thresholdMs / 1000 / 5

/** In a process that is busy two thirds of the time, requests queue for twice as long as they take, on average. */
export const busyShare = 2 / 3

/** A collector that takes a tenth of the time works for itself: usually there is too little memory for what is kept. */
export const collectingShare = 0.1
