import {chmod, mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'

import type {Machine} from './machine.js'

/** A `gh` on a machine that stores `gh secret set APKG_TOKEN` in a file. */
export interface ForgeSecret {
  /** The path of the file. */
  secret: string
  /** A search path that starts with the directory of this `gh`. */
  searchPath: string
}

export async function placeForgeSecret({home}: Pick<Machine, 'home'>): Promise<ForgeSecret> {
  const secret = path.join(home, 'APKG_TOKEN')
  const programs = path.join(home, 'programs')
  await mkdir(programs)
  const gh = path.join(programs, 'gh')
  await writeFile(gh, `#!/bin/sh\ntest "$*" = "secret set APKG_TOKEN" && cat > ${secret}\n`)
  await chmod(gh, 0o755)
  return {secret, searchPath: `${programs}:${process.env['PATH']}`}
}
