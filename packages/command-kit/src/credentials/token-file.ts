import {closeSync, constants, fstatSync, openSync, readSync, type Stats} from 'node:fs'
import path from 'node:path'

import {looksLikeTokenValue} from '@apkg/wire'

import {isApkgError} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import {shellPath} from '../errors/shell-path.js'
import {errorCode, errorReason} from '../files/system-error.js'
import {assertWellFormed} from './resolve-credential.js'
import {Secret} from './secret.js'
import type {Credential} from './source.js'

const variable = 'APKG_TOKEN_FILE'

/** Bytes. */
const maxSize = 4096

/** The modes by which the group and everyone else can write. */
const writableByOthers = 0o022

/** The token in a file, and the attributes that its replacement needs. */
export interface TokenInFile extends Pick<Stats, 'mode' | 'uid' | 'gid'> {
  secret: Secret
}

/**
 * The credential in a file. It is read each time it is needed, so a rotated token needs no new process.
 *
 * @throws {ApkgError} `TOKEN_FILE_UNUSABLE`
 */
export function tokenFileCredential(file: string): Credential {
  const {secret} = readTokenFile(file)
  return {
    secret,
    source: variable,
    file: path.resolve(file),
    renew() {
      const renewed = tokenFileCredential(file)
      if (renewed.secret.expose() === secret.expose()) return Promise.resolve(undefined)
      assertWellFormed(renewed)
      return Promise.resolve(renewed)
    },
    async rewrite(work) {
      const {rewriteTokenFile} = await import('./rewrite-token-file.js')
      return rewriteTokenFile(file, work)
    },
  }
}

/**
 * Reads the token in a file: a regular file of one line that only its owner can write. It is checked after it was opened,
 * so it can't be replaced in between. Windows has no such modes.
 *
 * @throws {ApkgError} `TOKEN_FILE_UNUSABLE`
 */
export function readTokenFile(file: string): TokenInFile {
  try {
    return readOpened(file)
  } catch (error) {
    if (isApkgError(error)) throw error
    // ENXIO: a socket.
    throw unusable(file, errorCode(error) === 'ENXIO' ? 'it is not a regular file' : errorReason(error), [], error)
  }
}

function readOpened(file: string): TokenInFile {
  // Without O_NONBLOCK, opening a pipe would wait for a writer. Windows has neither; the flag is 0 there.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = fstatSync(descriptor)
    if (found.isDirectory()) throw unusable(file, 'it is a directory')
    if (!found.isFile()) throw unusable(file, 'it is not a regular file')
    if (process.platform !== 'win32' && (found.mode & writableByOthers) !== 0) {
      throw unusable(file, 'other users can write to it', [`run \`chmod go-w ${shellPath(file)}\``])
    }
    const text = readBounded(descriptor, file).toString('utf8').trim()
    if (text === '') throw unusable(file, 'it is empty')
    return {secret: new Secret(text), mode: found.mode, uid: found.uid, gid: found.gid}
  } finally {
    closeSync(descriptor)
  }
}

/** Counts what it reads: some files, such as those in /proc, report no size. */
function readBounded(descriptor: number, file: string): Buffer {
  const buffer = Buffer.alloc(maxSize + 1)
  let length = 0
  for (let count = -1; count !== 0; length += count) {
    if (length > maxSize) throw unusable(file, `it is larger than ${maxSize} bytes`)
    count = readSync(descriptor, buffer, length, buffer.length - length, null)
  }
  return buffer.subarray(0, length)
}

/** Doesn't quote a value that could be a token in the wrong variable. */
function unusable(file: string, reason: string, suggestions: string[] = [], cause?: unknown) {
  const isPath = /^[./~\\]|^[a-z]:[/\\]/i.test(file) && !looksLikeTokenValue(file)
  const place = isPath ? `${file} (from ${variable})` : `in ${variable}`
  return failure('TOKEN_FILE_UNUSABLE', {place, reason, suggestions}, {cause})
}
