import prettier from 'eslint-config-prettier'
import {defineConfig, globalIgnores} from 'eslint/config'
import tseslint from 'typescript-eslint'

import house from './tools/eslint/index.js'

const sources = ['src/**/*.ts', 'packages/*/src/**/*.{ts,tsx}']
const commands = ['src/commands/**/*.ts', 'packages/plugin-registry/src/commands/**/*.ts']
const tests = ['test/**/*.ts', 'test/**/*.mts', 'packages/*/test/**/*.ts', 'bench/**/*.ts']
const scripts = ['**/*.js', '**/*.mjs', '**/*.cjs', 'examples/**/*.ts']

/** The files that access the process and the console. All other code gets them through ports. */
const seams = [
  'src/entry/main.ts',
  'src/entry/run-oclif.ts',
  'src/entry/report-uncaught.ts',
  'src/entry/plugins/run-guarded.ts',
  'packages/command-kit/src/ports/**',
]

/** The files that expose secrets: to send them, to store them, and to derive a key from a passphrase. */
const exposing = [
  'packages/command-kit/src/client/**',
  'packages/command-kit/src/credentials/**',
  'packages/command-kit/src/trusted-publishing/job-store.ts',
  'src/account/keys/encryption.ts',
]

const rules = {
  '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
  '@typescript-eslint/no-confusing-void-expression': ['error', {ignoreArrowShorthand: true}],
  '@typescript-eslint/consistent-type-imports': ['error', {fixStyle: 'inline-type-imports'}],
  '@typescript-eslint/consistent-type-definitions': 'off',
  // `const {omitted, ...rest}` omits a field.
  '@typescript-eslint/no-unused-vars': ['error', {ignoreRestSiblings: true}],
  // oclif commands are declared with static properties.
  '@typescript-eslint/no-extraneous-class': ['error', {allowStaticOnly: true}],
  // Ports and hooks have asynchronous types, even for implementations that don't wait.
  '@typescript-eslint/require-await': 'off',
  // Spreading a string counts code points, which is intended.
  '@typescript-eslint/no-misused-spread': ['error', {allow: ['string']}],
  eqeqeq: 'error',
  'object-shorthand': 'error',
  'prefer-template': 'error',
}

/** Tests don't validate responses and output. If the shape is wrong, an assertion fails. */
const testRules = {
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
    rules: {
      ...rules,
      'house/disable-reason': 'error',
      'house/file-names': 'error',
      'house/folder-circles': 'error',
      'house/import-arrows': 'error',
    },
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
  {
    files: sources,
    ignores: ['packages/command-kit/src/errors/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="ApkgError"]',
          message: 'Throw a row of a `failures.ts`: `throw failure(code, facts)`.',
        },
      ],
    },
  },
  {files: seams, rules: {'house/no-ambient': 'off'}},
  {files: exposing, rules: {'house/no-expose': 'off'}},
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
    rules: {...testRules, 'house/no-skipped-tests': 'error', 'house/test-titles': 'error'},
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
  {files: ['**/*.test.js'], rules: {'house/no-skipped-tests': 'error', 'house/test-titles': 'error'}},
  prettier,
)
