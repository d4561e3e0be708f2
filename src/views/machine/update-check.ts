import {success} from '@apkg/command-kit'

import type {UpdateCheck} from '../../machine/self-update/check-update.js'
import type {UpdateNotice} from '../../machine/self-update/update-notice.js'

export function updateCheckText({installed, latest, status, command}: UpdateCheck): string {
  switch (status) {
    case 'current':
      return success(`apkg is up to date (v${installed})`)
    case 'outdated':
      return `Update available: ${installed} → ${latest ?? ''}\nRun \`${command}\` to update.`
    case 'ahead':
      return `apkg v${installed} is newer than the latest release (v${latest})`
    case 'unreleased':
      return `apkg v${installed} is installed, but no release is available on npm yet`
  }
}

export function updateNoticeText({installed, latest, command}: UpdateNotice): string {
  return `\nUpdate available: ${installed} → ${latest}\nRun \`${command}\` to update.\n`
}
