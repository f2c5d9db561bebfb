// Room tests first, three files at a time; then the stack tests, which start the whole lab, one file at a time.
import { defineConfig } from 'vitest/config'
import ByName from './test/helpers/by-name.ts'

export default defineConfig({
  test: {
    reporters: ['default', './test/helpers/closing-line.ts'],
    sequence: { sequencer: ByName },
    projects: [
      {
        test: {
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: ['test/stack/**', 'test/proofs/**', 'test/compose/**'],
          globalSetup: ['test/helpers/postgres-on-demand.ts'],
          sequence: { groupOrder: 0 },
          // Most of them wait most of the time: for a deadline, a disk, a page.
          maxWorkers: 3,
          testTimeout: 15_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'proofs',
          include: ['test/proofs/**/*.test.ts'],
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'stack',
          include: ['test/stack/**/*.test.ts'],
          // A lab uses every core there is: beside another one, or beside room tests, its timings would mean nothing.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // Not part of `npm test`: it needs a Docker engine. One stack for all files, which come one after another.
          name: 'compose',
          include: ['test/compose/**/*.test.ts'],
          globalSetup: ['test/compose/set-up.ts'],
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
