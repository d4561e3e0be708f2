import {cpSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'

import {hash} from '@node-rs/argon2'

import {defaultConfig, type ServerConfig} from '../../src/server/config.js'
import {openToServe} from '../../src/server/operations/open-registry.js'
import {Inspector} from '../../src/server/publishing/inspector.js'

let empty: Promise<string> | undefined

/** Copies an empty registry into a directory, which is faster than running the migrations. */
export async function copyEmptyRegistry(folder: string): Promise<void> {
  cpSync(await (empty ??= createEmptyRegistry()), folder, {recursive: true})
}

async function createEmptyRegistry(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'apkg-empty-registry-'))
  process.once('exit', () => {
    rmSync(folder, {recursive: true, force: true})
  })
  const {store} = await openToServe(folder, (error) => {
    throw error
  })
  await store.close()
  return folder
}

/** The hash of a password, with the lowest cost, so that logins in tests are fast. */
export function hashCheaply(password: string): Promise<string> {
  return hash(password, {memoryCost: 8, timeCost: 1, parallelism: 1})
}

const inspector = new Inspector(defaultConfig.inspection)

/**
 * One inspector for all registries of a process, since starting a thread takes longer than most tests. A registry with
 * its own limits gets its own.
 */
export function inspectorFor({inspection}: Partial<ServerConfig>): {inspector?: Pick<Inspector, 'inspect'>} {
  return inspection === undefined ? {inspector} : {}
}
