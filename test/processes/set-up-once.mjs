/** Sets up all tools in a project and prints the result, after printing that it is ready. */
import {knownTools} from '@apkg/package-format'

import '../../dist/tools/sync-tool-files.js'
import {setUpTools} from '../../dist/tools/set-up.js'

const [project = '', home = ''] = process.argv.slice(2)
console.log('ready')
const {problem = 'done'} = await setUpTools({project, home, selection: {tools: knownTools, none: false}})
console.log(problem)
