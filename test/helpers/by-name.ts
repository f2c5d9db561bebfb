// Files of the compose project come in the order of their names: what was before a measurement is the same every time.
// Others as vitest likes them, the long ones first.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

export default class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isNamed = ({ project }: TestSpecification) => project.name === 'compose'
    const others = await super.sort(files.filter((file) => !isNamed(file)))
    return [...others, ...files.filter(isNamed).toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1))]
  }
}
