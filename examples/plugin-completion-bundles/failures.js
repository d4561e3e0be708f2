import {defineFailures, exitCodes} from '@apkg/command-kit'

/** Makes this plugin's errors, and those that every command shares. */
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
