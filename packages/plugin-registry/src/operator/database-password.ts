import {existsSync} from 'node:fs'
import path from 'node:path'

import type {Ports} from '@apkg/command-kit'

import {failure} from './failures.js'
import {readPrivateFile} from './private-file.js'

/** What a connection is opened to. */
export interface DatabaseServer {
  host: string
  port: number
  database: string
  user: string
}

/**
 * Finds the password of a database as libpq does: in PGPASSWORD, or in the file PGPASSFILE. The file is read for every
 * connection, so that a new password takes effect.
 *
 * @returns undefined if there is none
 * @throws {ApkgError} `REGISTRY_PASSWORD_FILE_UNUSABLE`. It doesn't repeat the content.
 */
export function findPassword(server: DatabaseServer, {env, home}: Pick<Ports, 'env' | 'home'>): string | undefined {
  if (env['PGPASSWORD']) return env['PGPASSWORD']
  const given = env['PGPASSFILE'] || undefined
  const file = given ?? path.join(home, '.pgpass')
  if (given === undefined && !existsSync(file)) return undefined
  const text = readPrivateFile(file, (reason) => failure('REGISTRY_PASSWORD_FILE_UNUSABLE', {path: file, reason}))
  return passwordIn(text, server)
}

/** @param text lines of `host:port:database:user:password`. `*` matches anything, and a backslash escapes a character. */
function passwordIn(text: string, {host, port, database, user}: DatabaseServer): string | undefined {
  // libpq uses this name for sockets in the default directory only, and their path for others.
  const isSocket = host.startsWith('/')
  const wanted = [host, String(port), database, user]
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const fields = splitEntry(line)
    if (fields.length === 0) continue
    const isMatch = wanted.every((value, position) => {
      const field = fields[position]
      return field === '*' || field === value || (position === 0 && isSocket && field === 'localhost')
    })
    if (isMatch) return fields[4]
  }
  return undefined
}

/** Splits at the first four colons that aren't escaped. */
function splitEntry(line: string): string[] {
  const [, ...fields] =
    /^((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):(.*)$/.exec(line) ?? []
  return fields.map((field) => field.replace(/\\(.)/g, '$1'))
}
