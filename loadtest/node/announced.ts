// Which run of the workshop is the one that was just played by somebody else.
import type { LoadSummary, Workshop } from './workshop.ts'

/**
 * What `play` gives, and the run that was announced meanwhile. By what is new in the workshop's list: its clock may be another
 * machine's. No run where nothing was announced, or where the workshop does not answer before and after.
 */
export async function announcedWhile<T>(
  workshop: Pick<Workshop, 'list'>,
  play: () => Promise<T>,
  isIt: (load: LoadSummary) => boolean = () => true,
): Promise<{ played: T; run?: string }> {
  const listed = () => workshop.list().catch(() => undefined)
  const before = await listed()
  const played = await play()
  const after = before && (await listed())
  const isNew = ({ run }: LoadSummary) => !before?.some((load) => load.run === run)
  const found = after?.find((load) => isNew(load) && isIt(load))
  return { played, ...(found === undefined ? {} : { run: found.run }) }
}
