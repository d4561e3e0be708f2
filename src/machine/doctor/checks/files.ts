import {constants} from 'node:fs'
import {access, readdir, stat} from 'node:fs/promises'
import path from 'node:path'

import {
  assertOwnFolder,
  CredentialStore,
  errorReason,
  failure,
  isAbsent,
  isApkgError,
  type ApkgError,
  readConfig,
  StateFolder,
} from '@apkg/command-kit'

import {KeyStore} from '../../../account/keys/key-store.js'
import {readLedgerKey} from '../../../files/ledger-key.js'
import {isFile} from '../../../files/is-file.js'
import {readTrust} from '../../../trust/trust-store.js'
import type {Check} from '../check.js'
import {ok, problem, problemOf, skipped, type Finding} from '../finding.js'

/** Files in `~/.apkg` that must be private. */
const secretFiles = ['credentials.json', 'sessions.json', 'tickets.json', 'ledger.key']

/** Windows lacks file modes, so apkg doesn't check there who can read a file. */
const hasModes = process.platform !== 'win32'

/** Matches no credential, so the store reads all of them. */
const noRegistry = ''

/** Checks that the files in `~/.apkg` are readable, valid and private. */
export const filesCheck: Check = {
  name: 'files',
  title: '~/.apkg',
  async run({home}) {
    const folder = new StateFolder(home).path
    if (!(await exists(folder))) {
      if (!(await exists(home))) return [skipped('not checked: the home directory does not exist')]
      await assertWritable(home)
      return [ok('not created yet, and can be')]
    }
    if (await isFile(folder)) throw failure('FILE_UNWRITABLE', {path: folder, reason: 'it is not a directory'})
    assertOwnFolder(folder)
    const keys = new KeyStore(home)
    let unusable: readonly ApkgError[] = []
    const readers = [
      () => readConfig(home),
      () => new CredentialStore(home).find(noRegistry),
      () => readTrust(home),
      () => assertWritable(folder),
      () => assertLedgerKey(folder, home),
      async () => (unusable = (await keys.listAll()).unusable),
    ]
    const unreadable = (await Promise.all(readers.map(findProblem))).flat()
    const open = await openFiles(folder, keys.path)
    const findings = [...unreadable, ...unusable.map(problemOf), ...open]
    return findings.length > 0
      ? findings
      : [ok(`${folder}: settings, logins, trust and keys are valid${hasModes ? ' and private' : ''}`)]
  },
}

async function findProblem(read: () => Promise<unknown>): Promise<Finding[]> {
  try {
    await read()
    return []
  } catch (error) {
    if (!isApkgError(error)) throw error
    return [problemOf(error)]
  }
}

/** Commands treat an unusable key as a missing one. */
async function assertLedgerKey(folder: string, home: string): Promise<void> {
  const file = path.join(folder, 'ledger.key')
  if (!(await exists(file)) || (await readLedgerKey(home))) return
  const suggestions = [`delete it, then run \`apkg install\` in your projects`]
  throw failure('FILE_UNREADABLE', {path: file, reason: 'it is not a private file with 32 bytes', suggestions})
}

async function assertWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw failure('FILE_UNWRITABLE', {path: folder, reason: errorReason(error)}, {cause: error})
  }
}

async function openFiles(folder: string, keys: string): Promise<Finding[]> {
  if (!hasModes) return []
  const keyFiles = await namesIn(keys)
  const expected = [
    [folder, '700'],
    ...secretFiles.map((name) => [path.join(folder, name), '600']),
    ...keyFiles.map((name) => [path.join(keys, name), '600']),
  ] as const
  const findings = await Promise.all(
    expected.map(async ([file, mode]) => {
      if (!(await isOpen(file))) return []
      return [problem(`${file} is accessible to other users`, `run \`chmod ${mode} ${file}\``)]
    }),
  )
  return findings.flat()
}

async function isOpen(file: string): Promise<boolean> {
  try {
    return ((await stat(file)).mode & 0o077) !== 0
  } catch {
    // The readers above report unreadable files.
    return false
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}

async function exists(folder: string): Promise<boolean> {
  try {
    await stat(folder)
    return true
  } catch (error) {
    return !isAbsent(error)
  }
}
