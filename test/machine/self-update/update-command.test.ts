import assert from 'node:assert/strict'
import {it} from 'node:test'

import {updateCommand} from '../../../src/machine/self-update/update-command.js'

it('update command: uses the package manager that installed apkg', () => {
  for (const [root, command] of [
    ['/usr/local/lib/node_modules/apkg', 'npm install --global apkg@latest'],
    ['/home/ada/.nvm/versions/node/v22.1.0/lib/node_modules/apkg/', 'npm install --global apkg@latest'],
    ['C:\\Users\\ada\\AppData\\Roaming\\npm\\node_modules\\apkg', 'npm install --global apkg@latest'],
    ['/home/ada/project/node_modules/apkg', 'npm install apkg@latest'],
    ['/home/ada/project/node_modules/.pnpm/apkg@1.0.0/node_modules/apkg', 'pnpm add apkg@latest'],
    ['/home/ada/.local/share/pnpm/global/5/.pnpm/apkg@1.0.0/node_modules/apkg', 'pnpm add --global apkg@latest'],
    ['/home/ada/.config/yarn/global/node_modules/apkg', 'yarn global add apkg@latest'],
    ['C:\\Users\\ada\\AppData\\Local\\Yarn\\Data\\global\\node_modules\\apkg', 'yarn global add apkg@latest'],
    ['/home/ada/.bun/install/global/node_modules/apkg', 'bun add --global apkg@latest'],
    ['/home/ada/.volta/tools/image/packages/apkg/lib/node_modules/apkg', 'volta install apkg@latest'],
    ['/opt/homebrew/Cellar/apkg/1.0.0/libexec/lib/node_modules/apkg', 'brew upgrade apkg'],
    ['/home/ada/.npm/_npx/0a1b/node_modules/apkg', 'npx apkg@latest'],
    ['/home/ada/code/apkg', 'git pull && npm ci'],
  ] as const) {
    assert.equal(updateCommand(root), command, root)
  }
})
