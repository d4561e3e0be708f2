import path from 'node:path'

import {isVersion} from '@apkg/package-format'

import {putFile} from '../../catalog/cache/cached-file.js'
import {cacheFolder} from '../../catalog/cache/cache-folder.js'
import {readUnlinkedSync} from '../../files/read-bounded-sync.js'

/** The cached result of the last update check. Times are in milliseconds since 1970. */
export interface KnownRelease {
  /** Null if unknown. */
  latest: string | null
  /** When npm was last asked, successfully or not. */
  askedAt: number
  /** When the notice was last shown. */
  shownAt: number
}

/** Bytes. */
const maxSize = 64 * 1024

const nothing: KnownRelease = {latest: null, askedAt: 0, shownAt: 0}

interface Place {
  env: NodeJS.ProcessEnv
  home: string
}

/** Reads the cache. A missing or damaged file is treated as empty. */
export function knownRelease({env, home}: Place): KnownRelease {
  try {
    const {latest, askedAt, shownAt} = JSON.parse(
      readUnlinkedSync(fileOf({env, home}), maxSize).toString('utf8'),
    ) as Record<string, unknown>
    return {
      latest: typeof latest === 'string' && isVersion(latest) ? latest : null,
      askedAt: typeof askedAt === 'number' ? askedAt : 0,
      shownAt: typeof shownAt === 'number' ? shownAt : 0,
    }
  } catch {
    return nothing
  }
}

/** @throws {ApkgError} `FILE_UNWRITABLE`, `CACHE_FOLDER_INVALID`, `HOME_UNUSABLE`. */
export async function rememberRelease(place: Place, change: Partial<KnownRelease>): Promise<void> {
  const changed = {...knownRelease(place), ...change}
  await putFile(fileOf(place), [Buffer.from(`${JSON.stringify(changed)}\n`)])
}

function fileOf({env, home}: Place): string {
  return path.join(cacheFolder(env, home), 'release.json')
}
