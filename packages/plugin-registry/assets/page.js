/**
 * Copy buttons, relative times, and forms that are sent once. Without this script, commands are selected, times are
 * absolute, and the registry notices a form that is sent twice.
 */
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

// The browser reads the form after this event, and leaves out disabled buttons, so they are disabled later.
const sent = new Set()
addEventListener('submit', (event) => {
  const form = event.target
  if (event.defaultPrevented || form.method !== 'post') return
  if (sent.has(form)) {
    event.preventDefault()
    return
  }
  sent.add(form)
  setTimeout(() => setDisabled(form, true))
})

// A form works again when the visitor comes back to the page.
addEventListener('pageshow', () => {
  for (const form of sent) setDisabled(form, false)
  sent.clear()
})

function setDisabled(form, isDisabled) {
  for (const button of form.querySelectorAll('button[type=submit]')) button.disabled = isDisabled
}
