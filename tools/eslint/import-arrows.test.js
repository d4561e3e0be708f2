import rule from './import-arrows.js'
import {testRule} from './rule-tester.js'

testRule('import-arrows', rule, {
  valid: [
    ['packages/wire/src/a.ts', `import Type from 'typebox'; import {b} from './b.js'`],
    ['packages/wire/src/protocol/a.ts', `import {scopes} from '../scopes.js'`],
    ['packages/wire/test/a.test.ts', `import {scopes} from '../src/index.js'`],
    ['packages/command-kit/src/a.ts', `import {scopes} from '@apkg/wire'; import {Command} from '@oclif/core'`],
    ['packages/plugin-registry/src/server/a.ts', `import {scopes} from '@apkg/wire'; import './routes/b.js'`],
    [
      'packages/plugin-registry/src/commands/registry/serve.ts',
      `import '@apkg/command-kit'; import '../../server/app.js'`,
    ],
    ['src/commands/login.ts', `import {Flags} from '@oclif/core'; import '../views/a.js'`],
    ['src/hooks/prerun.ts', `import type {Hook} from '@oclif/core'`],
    ['src/flags/token-flags.ts', `import {Flags} from '@oclif/core'`],
    ['src/main.ts', `import {run} from '@oclif/core'`],
    ['src/views/a.ts', `import {problems} from '@apkg/wire'; export * from './b.js'`],
    ['test/a.test.ts', `import '@apkg/plugin-registry'; import '../src/main.js'`],
    ['src/views/a.ts', `const name = './b.js'; import(name)`],
  ],
  invalid: [
    ['packages/wire/src/a.ts', `import '@apkg/command-kit'`, 'arrow'],
    ['packages/wire/src/a.ts', `import 'apkg'`, 'arrow'],
    ['packages/wire/src/a.ts', `import '../../command-kit/src/a.js'`, 'arrow'],
    ['packages/command-kit/src/a.ts', `import '@apkg/plugin-registry'`, 'arrow'],
    ['packages/command-kit/src/a.ts', `import 'apkg/dist/main.js'`, 'arrow'],
    ['packages/plugin-registry/src/server/a.ts', `import {RegistryCommand} from '@apkg/command-kit'`, 'arrow'],
    ['packages/plugin-registry/src/server/a.ts', `import '@apkg/command-kit/testing'`, 'arrow'],
    ['packages/plugin-registry/src/server/a.ts', `import type {Config} from '@oclif/core'`, 'arrow'],
    ['packages/plugin-registry/src/server/a.ts', `import '../commands/registry/serve.js'`, 'arrow'],
    ['packages/plugin-registry/src/a.ts', `import '../../../src/main.js'`, 'arrow'],
    ['packages/plugin-registry/src/a.ts', `await import('apkg')`, 'arrow'],
    ['src/commands/a.ts', `import '@apkg/plugin-registry'`, 'arrow'],
    ['src/commands/a.ts', `export * from '@apkg/plugin-registry/dist/server/app.js'`, 'arrow'],
    ['src/commands/a.ts', `import '../../packages/wire/src/index.js'`, 'arrow'],
    ['src/views/a.ts', `import {ux} from '@oclif/core'`, 'arrow'],
    ['src/views/a.ts', `export {ux} from '@oclif/core'`, 'arrow'],
    ['src/packing/a.ts', `type Config = import('@oclif/core').Config`, 'arrow'],
    ['test/a.test.ts', `import '../packages/wire/dist/index.js'`, 'arrow'],
  ],
})
