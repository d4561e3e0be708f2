/** The recording: lines to type into a shell, and the answers to their prompts. */
export const story = [
  {
    line: 'apkg login',
    answers: [
      {to: 'Username', keys: 'ada'},
      {to: 'Password', keys: 'correct horse battery staple'},
    ],
  },
  {line: 'export APKG_TOKEN=$(apkg token create --label ci-deploy)'},
  {line: 'apkg token list'},
  {line: 'cd ~/checkout && apkg install --frozen-lockfile   # as CI does, with nothing but APKG_TOKEN'},
  {line: 'env -u APKG_TOKEN apkg token revoke ci-deploy'},
  {line: 'apkg whoami'},
]
