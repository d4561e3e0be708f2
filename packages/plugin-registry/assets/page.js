/** Copy buttons, and relative times. Without this script, commands are selected and times are absolute. */
const status = document.getElementById('status')

for (const place of document.querySelectorAll('[data-copy]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  button.setAttribute('aria-label', `Copy ${place.dataset.copyLabel}`)
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(place.dataset.copy)
      button.textContent = 'Copied'
      status.textContent = `Copied ${place.dataset.copyLabel}`
    } catch {
      getSelection().selectAllChildren(place.querySelector('code'))
      status.textContent = 'Selected. Copy it with your keyboard.'
    }
    setTimeout(() => {
      button.textContent = 'Copy'
    }, 2000)
  })
  place.append(button)
}

const units = [
  ['year', 31536000],
  ['month', 2592000],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
]
const format = new Intl.RelativeTimeFormat('en', {numeric: 'auto'})

export function showRelativeTimes(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000
    if (Number.isNaN(seconds)) continue
    const [unit, length] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ['minute', 60]
    time.title = time.textContent
    time.textContent = Math.abs(seconds) < 60 ? 'now' : format.format(Math.round(seconds / length), unit)
  }
}

showRelativeTimes(document)

// A value that is shown once is not shown again when the visitor comes back to the page.
addEventListener('pageshow', ({persisted}) => {
  if (!persisted) return
  for (const secret of document.querySelectorAll('[data-secret]')) {
    secret.textContent = 'The value was shown once.'
    delete secret.dataset.copy
  }
})
