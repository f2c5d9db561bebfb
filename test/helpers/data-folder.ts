// Data folders for tests that start Postgres themselves.
import { findBinaries } from '../../infra/postgres/binaries.ts'
import { initialise } from '../../infra/postgres/initialise.ts'
import { findIdentity } from '../../infra/postgres/run-as.ts'

/** Makes a new, empty Postgres data folder. */
export async function makeDataFolder(dataDir: string): Promise<void> {
  const binaries = await findBinaries()
  await initialise({ dataDir, binaries, identity: await findIdentity([binaries.postgres, dataDir]) })
}
