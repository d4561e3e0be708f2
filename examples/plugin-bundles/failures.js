import {defineFailures, exitCodes} from '@apkg/command-kit'

/** Creates the errors of this plugin, and the ones that all commands share. */
export const failure = defineFailures({
  BUNDLE_NOT_FOUND: ({name, known}) => ({
    exit: exitCodes.failed,
    message: `Bundle not found: ${name}`,
    suggestions: ['see `apkg-bundles.json` for the bundles of this project'],
    mistyped: {word: name, known},
  }),
  BUNDLES_UNREADABLE: ({file, reason}) => ({
    exit: exitCodes.failed,
    message: `Cannot read ${file}: ${reason}`,
    suggestions: ['write a JSON object to it that lists packages by bundle: `{"review": ["@acme/code-review"]}`'],
  }),
})
