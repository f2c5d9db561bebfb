// One core's part of the re-pricing batch: margins for every product and quantity, over and over, until its time is up.
import { workerData } from 'node:worker_threads'
import { products } from '../../services/kit/seed.ts'

const endsAt = performance.now() + workerData.lastsMs
let margin = 0
while (performance.now() < endsAt) {
  for (const { priceCents } of products)
    for (let quantity = 1; quantity <= 100; quantity++) margin += Math.log(priceCents * quantity) / quantity
}
// The result is somebody else's business; without a use it would not be computed at all.
process.exitCode = Number.isFinite(margin) ? 0 : 1
