import prettier from 'eslint-config-prettier'
import {defineConfig, globalIgnores} from 'eslint/config'
import tseslint from 'typescript-eslint'

import house from './tools/eslint/index.js'

const sources = ['src/**/*.ts', 'packages/*/src/**/*.ts']
const commands = ['src/commands/**/*.ts', 'packages/plugin-registry/src/commands/**/*.ts']
const tests = ['test/**/*.ts', 'test/**/*.mts', 'packages/*/test/**/*.ts', 'bench/**/*.ts']
const scripts = ['**/*.js', '**/*.mjs', '**/*.cjs', 'examples/**/*.ts']

/** Where the process and the console are taken hold of, to be handed in everywhere else. */
const seams = [
  'src/entry/main.ts',
  'src/entry/run-oclif.ts',
  'src/entry/report-failure.ts',
  'src/entry/plugins/run-guarded.ts',
  'packages/command-kit/src/ports/**',
]

/** Where a secret is opened: to be sent, to be stored, and to make a key of it. */
const openers = [
  'packages/command-kit/src/client/**',
  'packages/command-kit/src/credentials/**',
  'src/account/keys/encryption.ts',
]

const language = {
  // Type errors are the compiler's; here types serve the rules.
  '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
  '@typescript-eslint/no-confusing-void-expression': ['error', {ignoreArrowShorthand: true}],
  '@typescript-eslint/consistent-type-imports': ['error', {fixStyle: 'inline-type-imports'}],
  '@typescript-eslint/consistent-type-definitions': 'off',
  // `const {left, ...rest}` is how a field is left out.
  '@typescript-eslint/no-unused-vars': ['error', {ignoreRestSiblings: true}],
  // Statics are how an oclif command is declared.
  '@typescript-eslint/no-extraneous-class': ['error', {allowStaticOnly: true}],
  // A hand-over to a port or a hook is asynchronous by its type, whether or not this one waits.
  '@typescript-eslint/require-await': 'off',
  // Code points are what is counted; a test says so.
  '@typescript-eslint/no-misused-spread': ['error', {allow: ['string']}],
  eqeqeq: 'error',
  'object-shorthand': 'error',
  'prefer-template': 'error',
}

/** In tests, what came over the wire or was printed is taken as it is: a wrong shape fails an assertion. */
const lighter = {
  '@typescript-eslint/no-explicit-any': 'off',
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-misused-spread': 'off',
  '@typescript-eslint/no-unnecessary-condition': 'off',
  '@typescript-eslint/restrict-template-expressions': 'off',
  '@typescript-eslint/no-floating-promises': [
    'error',
    {allowForKnownSafeCalls: [{from: 'package', name: ['it', 'test', 'describe', 'suite'], package: 'node:test'}]},
  ],
}

export default defineConfig(
  globalIgnores(['**/dist/', '**/test-dist/', 'release/', 'coverage/', 'test/fixtures/**/node_modules/']),
  {
    linterOptions: {reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error'},
    plugins: {house},
  },
  tseslint.configs.strictTypeChecked,
  {
    rules: {...language, 'house/disable-reason': 'error', 'house/file-names': 'error', 'house/import-arrows': 'error'},
  },
  {files: sources, languageOptions: {parserOptions: {projectService: true}}},
  {
    files: sources,
    rules: {
      'house/no-ambient': 'error',
      'house/no-expose': 'error',
      'house/no-message-branching': 'error',
      'no-restricted-globals': ['error', {name: 'fetch', message: 'Requests are sent by the client of command-kit.'}],
    },
  },
  {files: seams, rules: {'house/no-ambient': 'off'}},
  {files: openers, rules: {'house/no-expose': 'off'}},
  {
    files: commands,
    rules: {
      'house/command-shape': 'error',
      'house/command-statics': 'error',
      'max-lines': ['error', {max: 60, skipBlankLines: true, skipComments: true}],
    },
  },
  {
    files: tests,
    languageOptions: {parserOptions: {project: 'tools/eslint/tsconfig.json', tsconfigRootDir: import.meta.dirname}},
    rules: {...lighter, 'house/no-left-out-tests': 'error'},
  },
  {
    files: ['test/**/*.ts', 'packages/plugin-registry/test/**/*.ts'],
    ignores: ['test/support/run-command.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          name: '@apkg/command-kit/testing',
          message: 'Import `runCommand` from test/support/run-command.js, which validates `--json` against its schema.',
        },
      ],
    },
  },
  {files: scripts, extends: [tseslint.configs.disableTypeChecked], rules: {'no-undef': 'off'}},
  {files: ['**/*.cjs'], rules: {'@typescript-eslint/no-require-imports': 'off'}},
  {files: ['**/*.test.js'], rules: {'house/no-left-out-tests': 'error'}},
  prettier,
)
