/** Claims a directory for uploads in a separate process: `claim-scratch-process.js <parent>`. */

import {claimScratch} from '../../src/server/operations/scratch-folder.js'

const {release} = await claimScratch(process.argv[2] ?? '')
release()
