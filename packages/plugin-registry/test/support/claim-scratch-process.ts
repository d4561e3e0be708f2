/** Claims a directory for uploads in a process of its own: `claim-scratch-process.js <parent>`. */

import {claimScratch} from '../../src/server/operations/scratch-folder.js'

const {release} = await claimScratch(process.argv[2] ?? '')
release()
