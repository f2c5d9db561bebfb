// The last line of every test run, for people and for machines: `N passed, N failed`.
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

type Outcome = { passed: number; failed: number }

/** Counts tests; a file or suite that broke outside its tests, and an error nobody caught, count as failed. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const outcomes = modules.map(outcomeOf)
    const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
    const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, unhandled.length)
    // A run that failed must not end with exit code 0, whatever the reason.
    if (failed > 0) process.exitCode = 1
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  }
}

function outcomeOf(module: TestModule): Outcome {
  const results = [...module.children.allTests()].map((test) => test.result().state)
  const passed = results.filter((state) => state === 'passed').length
  const failedTests = results.filter((state) => state === 'failed').length
  const brokenSuites = [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length
  return { passed, failed: failedTests + brokenSuites }
}
