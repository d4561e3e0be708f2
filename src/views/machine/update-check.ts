import type {UpdateCheck} from '../../machine/self-update/check-update.js'
import type {UpdateNotice} from '../../machine/self-update/update-notice.js'

export function updateCheckText({installed, latest, status, command}: UpdateCheck): string {
  switch (status) {
    case 'current':
      return `apkg is up to date (v${installed})`
    case 'outdated':
      return `apkg v${latest} is there, and v${installed} is installed. Update it with: ${command}`
    case 'ahead':
      return `apkg v${installed} is newer than the released one (v${latest})`
    case 'unreleased':
      return `apkg v${installed} is installed, and npm has no release of apkg`
  }
}

export function updateNoticeText({installed, latest, command}: UpdateNotice): string {
  return `\napkg v${latest} is there, and v${installed} is installed. Update it with: ${command}\n`
}
