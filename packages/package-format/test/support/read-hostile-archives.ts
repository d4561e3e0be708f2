/** Reads every hostile archive, and prints a line for each: the peak memory of this process so far (kB) and the name. */
import {readArchive} from '../../src/archive/index.js'
import {defaultLimits} from '../../src/index.js'
import {hostileArchives} from '../hostile-archives.js'
import {chunked} from './read-files.js'

for (const {name, build} of hostileArchives) {
  const archive = build()
  await readArchive(chunked(archive, 65_536), defaultLimits, async ({content}) => {
    for await (const each of content) each.fill(0)
  }).catch(() => undefined)
  console.log(`${process.resourceUsage().maxRSS}\t${name}`)
}
