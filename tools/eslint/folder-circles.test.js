import rule from './folder-circles.js'
import {testRule} from './rule-tester.js'

// The files are imagined, but the directories and the imports of the other files are real.
testRule('folder-circles', rule, {
  valid: [
    ['src/entry/a.ts', `import './plugins/load-plugins.js'; import '../files/replace-file.js'`],
    ['src/machine/completion/a.ts', `import './values/tokens.js'; await import('./values/tools.js')`],
    ['packages/wire/src/protocol/a.ts', `import {scopes} from '../scopes.js'`],
    ['packages/package-format/src/conversion/tools/a.ts', `import '../markdown.js'; import './cursor.js'`],
    ['packages/package-format/src/conversion.ts', `export * from './conversion/tools/index.js'`],
    ['packages/plugin-registry/src/server/store/rules/a.ts', `import '../port.js'`],
    ['test/entry/plugins/a.test.ts', `import '../main.test.js'`],
    ['src/entry/plugins/a.ts', `import {Config} from '@oclif/core'; const name = '../main.js'; import(name)`],
  ],
  invalid: [
    ['src/entry/plugins/a.ts', `import {failure} from '../failures.js'`, 'circle'],
    ['src/machine/completion/values/a.ts', `import type {Candidate} from '../fitting-words.js'`, 'circle'],
    ['src/machine/completion/values/a.ts', `await import('../complete.js')`, 'circle'],
    ['packages/package-format/src/conversion/a.ts', `export * from './tools/cursor.js'`, 'circle'],
    ['packages/package-format/src/conversion/a.ts', `type Format = import('./tools/cursor.js').Format`, 'circle'],
    ['packages/package-format/src/conversion/tools/a.ts', `export {b} from '../../conversion.js'`, 'circle'],
    ['packages/package-format/src/conversion/tools/a.ts', `import {toolFormats} from './index.js'`, 'circle'],
    ['packages/plugin-registry/src/server/store/a.ts', `import './rules/audit.js'`, 'circle'],
  ],
})
