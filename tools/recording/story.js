export const password = 'correct horse battery staple'

/** The recording: lines to type into a shell, and the answers to their prompts. */
export const story = [
  {
    line: 'apkg login --username ada',
    answers: [{to: 'Password', keys: password}],
  },
  {line: 'apkg token create --label ci-deploy > ~/token.txt'},
  {line: 'apkg token list'},
  {line: 'cd ~/checkout && APKG_TOKEN=$(cat ~/token.txt) apkg install --frozen-lockfile   # like a CI job'},
  {line: 'apkg token revoke ci-deploy'},
  {line: 'APKG_TOKEN=$(cat ~/token.txt) apkg whoami'},
]
