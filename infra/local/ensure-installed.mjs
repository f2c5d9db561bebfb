// Runs before npm scripts, on any Node from 20 on and without dependencies: installs what the lockfile says when
// node_modules is missing or stale, so that the first command in a bare clone just works.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const stampName = '.installed-from'
/** Installing takes well under a minute; a lock that is older was left by a run that was killed. */
const lockIsStaleAfterMs = 10 * 60_000

/** `missing`, `stale` or `fresh`: how node_modules compares to the lockfile. */
export function stateOf(root) {
  const modules = join(root, 'node_modules')
  if (!existsSync(modules)) return 'missing'
  const stamp = join(modules, stampName)
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === checksumOf(root) ? 'fresh' : 'stale'
  return isNpmInstallOf(root, modules) ? 'fresh' : 'stale'
}

/** Remembers the lockfile that node_modules was installed from. */
export function stamp(root) {
  writeFileSync(join(root, 'node_modules', stampName), checksumOf(root))
}

/** Brings node_modules up to date. Throws a sentence when that fails. */
export function ensureInstalled(root, { say = console.log, install = npmCi } = {}) {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 20) throw new Error(`Node ${process.versions.node} is too old to start from: Node 20 or newer is needed.`)
  if (stateOf(root) === 'fresh') return
  withLock(root, say, () => {
    // Somebody else may have done it while we waited.
    const state = stateOf(root)
    if (state === 'fresh') return
    say(`node_modules is ${state}: installing from package-lock.json (npm ci)`)
    install(root)
    stamp(root)
  })
}

function npmCi(root) {
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0)
    throw new Error(`npm ci failed${error ? `: ${error.message}` : ''}. Look at its output above, then try again.`)
}

/** A plain `npm ci` or `npm install` by hand leaves no stamp; npm's own record, younger than the lockfile, says as much. */
function isNpmInstallOf(root, modules) {
  const record = join(modules, '.package-lock.json')
  return existsSync(record) && statSync(record).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

function checksumOf(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function withLock(root, say, work) {
  // Not in node_modules, which npm ci removes.
  const lock = join(
    tmpdir(),
    `slow-sometimes-installing-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`,
  )
  for (let tries = 0; !tryLock(lock); tries++) {
    if (tries === 0) say('another run is installing node_modules: waiting for it')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
  try {
    work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Making a folder either works or fails, for exactly one of several processes. */
function tryLock(lock) {
  try {
    mkdirSync(lock)
    writeFileSync(join(lock, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (isAbandoned(lock)) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

function isAbandoned(lock) {
  try {
    if (Date.now() - statSync(lock).mtimeMs > lockIsStaleAfterMs) return true
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0)
    return false
  } catch (error) {
    // ENOENT: its owner is just writing or removing it. ESRCH: its owner is gone.
    return error.code === 'ESRCH'
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    ensureInstalled(join(dirname(fileURLToPath(import.meta.url)), '..', '..'))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
